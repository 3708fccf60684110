export const sourceCategories = ['phone', 'electronics', 'bike', 'furniture', 'car', 'housing'] as const
export type SourceCategory = (typeof sourceCategories)[number]

/** Words of a title that name a leaf, the first that fits; and the leaf of all the rest. */
const leaves: Readonly<Record<SourceCategory, { words: readonly (readonly [RegExp, string])[]; rest: string }>> = {
  phone: {
    words: [
      [
        /^(?=.*\b(charger|cable|cover|otterbox|screen protector|replacement)s?\b)(?!.*\b(\d+ ?gb|unlocked|with)\b)/i,
        'phone-accessories',
      ],
      [/\b(cordless|landline|home phone|answering)\b/i, 'other-phones'],
    ],
    rest: 'smartphones',
  },
  electronics: {
    words: [
      [/\b(laptop|macbook|chromebook|thinkpad)s?\b/i, 'laptops'],
      [/\b(ipad|tablet|kindle)s?\b/i, 'tablets'],
      [/\b(monitor|printer|scanner)s?\b/i, 'monitors-printers'],
      [/\b(xbox|ps[1-4]|playstation|nintendo|wii)\b/i, 'video-games'],
      [/\b(speaker|stereo|receiver|amp|amplifier|headphone|subwoofer|turntable|audio|bose|radio|ipod)s?\b/i, 'audio'],
      [/\b(camera|lens|canon|nikon|gopro|camcorder)(es|s)?\b/i, 'cameras'],
      [/\b(watch|fitbit|gear)\b/i, 'wearables'],
      [/\b(h?d?tvs?|dvd|blu-?ray|projector|roku|vcr)\b/i, 'tv-video'],
    ],
    rest: 'other-electronics',
  },
  bike: {
    words: [
      [/\b(electric|e-?bike)s?\b/i, 'electric-bikes'],
      [/\b(kid|boy|girl|child|children)('?s)?\b/i, 'kids-bikes'],
      [/\b(helmet|lock|rack|pannier|pump|trailer)s?\b/i, 'bike-accessories'],
      [/\b(wheelset|saddle|fork|derailleur|crankset|handlebars?|frameset)s?\b/i, 'bike-parts'],
    ],
    rest: 'bicycles',
  },
  furniture: {
    words: [
      [/\b(sofa|couch|sectional|loveseat|futon)(es|s)?\b/i, 'sofas'],
      [/\b(desk|office)s?\b/i, 'desks'],
      [/\b(armchair|recliner)s?\b/i, 'armchairs'],
      [/\btables?\b/i, 'tables'],
      [/\b(chair|stool|bench)(es|s)?\b/i, 'chairs'],
      [/\b(bed|mattress|headboard|bunk)(es|s)?\b/i, 'beds'],
      [/\b(dresser|wardrobe|armoire|drawer|chest)s?\b/i, 'wardrobes'],
      [/\b(shelf|shelves|bookcase|bookshelf|cabinet|hutch|credenza)s?\b/i, 'shelves'],
    ],
    rest: 'other-furniture',
  },
  car: { words: [], rest: 'cars' },
  housing: {
    words: [
      [/\b(room (for|to) rent|private room|roommate|room in|shared? (room|house))\b/i, 'rooms'],
      [/\b(house|home|cottage|bungalow)\b/i, 'houses-for-rent'],
    ],
    rest: 'apartments-for-rent',
  },
}

/** Gives the leaf of ours for an ad by its source's category and the words of its title. */
export function leafFor(category: SourceCategory, title: string): string {
  const { words, rest } = leaves[category]
  return words.find(([pattern]) => pattern.test(title))?.[1] ?? rest
}
