import { art } from './words/art.ts'
import { bikes } from './words/bikes.ts'
import { books } from './words/books.ts'
import { clothing } from './words/clothing.ts'
import { electronics } from './words/electronics.ts'
import { furniture } from './words/furniture.ts'
import { garden } from './words/garden.ts'
import { home } from './words/home.ts'
import { housing } from './words/housing.ts'
import { kids } from './words/kids.ts'
import { music } from './words/music.ts'
import { community, freeStuff, tickets } from './words/occasions.ts'
import { pets } from './words/pets.ts'
import { phones } from './words/phones.ts'
import { sports } from './words/sports.ts'
import { tools } from './words/tools.ts'
import { vehicles } from './words/vehicles.ts'
import type { Words } from './words/words.ts'
import { jobs, services } from './words/work.ts'

/** What is for sale by top category, with how many posts of it each region gets. */
export const catalogue: Readonly<Record<string, { words: Words; posts: number }>> = {
  bikes: { words: bikes, posts: 15 },
  furniture: { words: furniture, posts: 15 },
  vehicles: { words: vehicles, posts: 15 },
  housing: { words: housing, posts: 15 },
  phones: { words: phones, posts: 15 },
  electronics: { words: electronics, posts: 15 },
  clothing: { words: clothing, posts: 15 },
  kids: { words: kids, posts: 15 },
  garden: { words: garden, posts: 15 },
  books: { words: books, posts: 15 },
  music: { words: music, posts: 15 },
  tools: { words: tools, posts: 15 },
  home: { words: home, posts: 8 },
  sports: { words: sports, posts: 8 },
  pets: { words: pets, posts: 7 },
  art: { words: art, posts: 7 },
  tickets: { words: tickets, posts: 6 },
  jobs: { words: jobs, posts: 6 },
  services: { words: services, posts: 8 },
  community: { words: community, posts: 7 },
  'free-stuff': { words: freeStuff, posts: 6 },
}
