import type { Locale } from '../../../../shared/account.ts'

export type City = {
  name: string
  country: string
  subdivision: string | null
  lat: number
  lon: number
  /** What a square metre costs to rent for a month, in US dollars. */
  rent: number
  areas: readonly string[]
}

/** What sort of things somebody sells. */
type Profile = keyof typeof profiles

export type Seller = {
  /** The part of the address before the @. */
  login: string
  displayName: string
  locale: Locale
  timeZone: string
  profile: Profile
  /** For how many days the account has existed. */
  days: number
  cities: readonly City[]
}

/** Top categories by profile: each is in two of them, and each region has one seller of every profile. */
export const profiles = {
  tinkerer: ['bikes', 'tools', 'sports', 'services', 'community', 'vehicles'],
  decorator: ['furniture', 'home', 'art', 'books', 'free-stuff'],
  driver: ['vehicles', 'tools', 'garden', 'jobs', 'sports'],
  landlord: ['housing', 'furniture', 'services', 'pets'],
  gadgets: ['phones', 'electronics', 'music', 'tickets'],
  wardrobe: ['clothing', 'kids', 'home', 'books', 'free-stuff'],
  family: ['housing', 'garden', 'kids', 'pets', 'jobs', 'community'],
  collector: ['electronics', 'phones', 'bikes', 'music', 'clothing', 'art', 'tickets'],
} as const satisfies Record<string, readonly string[]>

export const sellers: readonly Seller[] = [
  {
    login: 'maria',
    displayName: 'Maria S.',
    locale: 'pt-BR',
    timeZone: 'America/Sao_Paulo',
    profile: 'tinkerer',
    days: 1460,
    cities: [
      city('São Paulo', 'BR', 'BR-SP', -23.5475, -46.6361, 11, 'Vila Mariana | Pinheiros | Lapa'),
      city('Campinas', 'BR', 'BR-SP', -22.9056, -47.0608, 8, 'Cambuí | Barão Geraldo'),
      city('Santos', 'BR', 'BR-SP', -23.9608, -46.3336, 9, 'Gonzaga | Boqueirão'),
    ],
  },
  {
    login: 'james',
    displayName: 'James P.',
    locale: 'en-US',
    timeZone: 'America/New_York',
    profile: 'decorator',
    days: 900,
    cities: [
      city('Brooklyn', 'US', 'US-NY', 40.6501, -73.9496, 48, 'Park Slope | Greenpoint | Bay Ridge'),
      city('Queens', 'US', 'US-NY', 40.6815, -73.8365, 38, 'Astoria | Sunnyside'),
      city('Jersey City', 'US', 'US-NJ', 40.7282, -74.0776, 40, 'The Heights | Journal Square'),
    ],
  },
  {
    login: 'olivia',
    displayName: 'Olivia T.',
    locale: 'en-US',
    timeZone: 'America/Toronto',
    profile: 'family',
    days: 620,
    cities: [
      city('Toronto', 'CA', 'CA-ON', 43.7001, -79.4163, 31, 'Leslieville | Roncesvalles | the Annex'),
      city('Hamilton', 'CA', 'CA-ON', 43.2501, -79.8496, 23, 'Westdale | Locke Street'),
      city('Ottawa', 'CA', 'CA-ON', 45.4112, -75.6981, 23, 'the Glebe | Hintonburg'),
    ],
  },
  {
    login: 'diego',
    displayName: 'Diego R.',
    locale: 'es-ES',
    timeZone: 'America/Mexico_City',
    profile: 'landlord',
    days: 410,
    cities: [
      city('Mexico City', 'MX', 'MX-CMX', 19.4285, -99.1277, 14, 'Narvarte | Coyoacán | Roma Sur'),
      city('Puebla', 'MX', 'MX-PUE', 19.0379, -98.2035, 8, 'La Paz | Cholula'),
    ],
  },
  {
    login: 'hannah',
    displayName: 'Hannah L.',
    locale: 'en-US',
    timeZone: 'America/Los_Angeles',
    profile: 'collector',
    days: 1210,
    cities: [
      city('Portland', 'US', 'US-OR', 45.5234, -122.6762, 24, 'Sellwood | Alberta | St. Johns'),
      city('Seattle', 'US', 'US-WA', 47.6062, -122.3321, 32, 'Ballard | Wallingford'),
    ],
  },
  {
    login: 'rosa',
    displayName: 'Rosa Q.',
    locale: 'es-ES',
    timeZone: 'America/Lima',
    profile: 'wardrobe',
    days: 330,
    cities: [
      city('Lima', 'PE', null, -12.0432, -77.0282, 10, 'Miraflores | Barranco | Jesús María'),
      city('Arequipa', 'PE', null, -16.3989, -71.535, 7, 'Yanahuara | Cayma'),
    ],
  },
  {
    login: 'sofia',
    displayName: 'Sofía M.',
    locale: 'es-ES',
    timeZone: 'America/Argentina/Buenos_Aires',
    profile: 'gadgets',
    days: 540,
    cities: [
      city('Buenos Aires', 'AR', null, -34.6131, -58.3772, 11, 'Palermo | Caballito | San Telmo'),
      city('La Plata', 'AR', null, -34.9215, -57.9545, 7.5, 'Tolosa | City Bell'),
      city('Rosario', 'AR', null, -32.9468, -60.6393, 7, 'Pichincha | Echesortu'),
    ],
  },
  {
    login: 'marcus',
    displayName: 'Marcus W.',
    locale: 'en-US',
    timeZone: 'America/Chicago',
    profile: 'driver',
    days: 1010,
    cities: [
      city('Chicago', 'US', 'US-IL', 41.85, -87.65, 27, 'Logan Square | Hyde Park | Pilsen'),
      city('Milwaukee', 'US', 'US-WI', 43.0389, -87.9065, 18, 'Bay View | Riverwest'),
      city('Madison', 'US', 'US-WI', 43.0731, -89.4012, 22, 'Willy Street | Vilas'),
    ],
  },
  {
    login: 'lukas',
    displayName: 'Lukas B.',
    locale: 'de-DE',
    timeZone: 'Europe/Berlin',
    profile: 'tinkerer',
    days: 1500,
    cities: [
      city('Berlin', 'DE', 'DE-BE', 52.5244, 13.4105, 17, 'Wedding | Moabit | Friedrichshain'),
      city('Potsdam', 'DE', 'DE-BB', 52.3989, 13.0657, 14, 'Babelsberg | Bornstedt'),
      city('Leipzig', 'DE', 'DE-SN', 51.3396, 12.3713, 11, 'Plagwitz | Südvorstadt'),
    ],
  },
  {
    login: 'emma',
    displayName: 'Emma H.',
    locale: 'en-GB',
    timeZone: 'Europe/London',
    profile: 'decorator',
    days: 780,
    cities: [
      city('London', 'GB', 'GB-ENG', 51.5085, -0.1257, 40, 'Walthamstow | Peckham | Acton'),
      city('Brighton', 'GB', 'GB-ENG', 50.8284, -0.1395, 27, 'Hanover | Kemptown'),
      city('Reading', 'GB', 'GB-ENG', 51.4562, -0.9711, 23, 'Caversham | Earley'),
    ],
  },
  {
    login: 'camille',
    displayName: 'Camille D.',
    locale: 'fr-FR',
    timeZone: 'Europe/Paris',
    profile: 'wardrobe',
    days: 450,
    cities: [
      city('Paris', 'FR', 'FR-IDF', 48.8534, 2.3488, 37, 'Belleville | Montparnasse | Batignolles'),
      city('Versailles', 'FR', 'FR-IDF', 48.8036, 2.1342, 27, 'Montreuil quarter | Saint-Louis'),
      city('Montreuil', 'FR', 'FR-IDF', 48.8642, 2.4432, 24, 'Croix de Chavaux | Villiers'),
    ],
  },
  {
    login: 'marta',
    displayName: 'Marta G.',
    locale: 'es-ES',
    timeZone: 'Europe/Madrid',
    profile: 'landlord',
    days: 390,
    cities: [
      city('Madrid', 'ES', null, 40.4165, -3.7026, 22, 'Lavapiés | Chamberí | Arganzuela'),
      city('Toledo', 'ES', null, 39.8581, -4.0226, 11, 'Santa Bárbara | the old town'),
    ],
  },
  {
    login: 'pieter',
    displayName: 'Pieter V.',
    locale: 'en-GB',
    timeZone: 'Europe/Amsterdam',
    profile: 'gadgets',
    days: 1100,
    cities: [
      city('Amsterdam', 'NL', null, 52.374, 4.8897, 30, 'de Pijp | Oost | Noord'),
      city('Utrecht', 'NL', null, 52.0908, 5.1222, 25, 'Lombok | Wittevrouwen'),
      city('Haarlem', 'NL', null, 52.3808, 4.6368, 24, 'Schalkwijk | Kleverpark'),
    ],
  },
  {
    login: 'ola',
    displayName: 'Ola K.',
    locale: 'en-GB',
    timeZone: 'Europe/Warsaw',
    profile: 'collector',
    days: 260,
    cities: [
      city('Kraków', 'PL', null, 50.0614, 19.9366, 18, 'Kazimierz | Podgórze'),
      city('Warsaw', 'PL', null, 52.2298, 21.0118, 21, 'Praga | Mokotów | Żoliborz'),
    ],
  },
  {
    login: 'wanjiru',
    displayName: 'Wanjiru N.',
    locale: 'en-GB',
    timeZone: 'Africa/Nairobi',
    profile: 'family',
    days: 510,
    cities: [
      city('Nairobi', 'KE', null, -1.2833, 36.8167, 7, 'Kilimani | South B | Lavington'),
      city('Nakuru', 'KE', null, -0.3072, 36.0722, 4, 'Milimani | Section 58'),
    ],
  },
  {
    login: 'thabo',
    displayName: 'Thabo M.',
    locale: 'en-GB',
    timeZone: 'Africa/Johannesburg',
    profile: 'driver',
    days: 690,
    cities: [
      city('Cape Town', 'ZA', null, -33.9258, 18.4232, 13, 'Observatory | Sea Point | Woodstock'),
      city('Stellenbosch', 'ZA', null, -33.9346, 18.8668, 12, 'Die Boord | Mostertsdrift'),
    ],
  },
  {
    login: 'yuki',
    displayName: 'Yuki A.',
    locale: 'ja-JP',
    timeZone: 'Asia/Tokyo',
    profile: 'gadgets',
    days: 1320,
    cities: [
      city('Tokyo', 'JP', 'JP-13', 35.6895, 139.6917, 26, 'Nakano | Kōenji | Kiyosumi'),
      city('Yokohama', 'JP', 'JP-14', 35.4333, 139.65, 19, 'Hiyoshi | Isezakichō'),
      city('Kawasaki', 'JP', 'JP-14', 35.5206, 139.7172, 19, 'Musashi-Kosugi | Mizonokuchi'),
    ],
  },
  {
    login: 'priya',
    displayName: 'Priya R.',
    locale: 'en-IN',
    timeZone: 'Asia/Kolkata',
    profile: 'wardrobe',
    days: 580,
    cities: [
      city('Bengaluru', 'IN', 'IN-KA', 12.9719, 77.5937, 5.5, 'Indiranagar | Jayanagar | Malleshwaram'),
      city('Mysore', 'IN', 'IN-KA', 12.2979, 76.6393, 3, 'Gokulam | Kuvempunagar'),
      city('Mangalore', 'IN', 'IN-KA', 12.9172, 74.856, 3, 'Kadri | Bejai'),
    ],
  },
  {
    login: 'arjun',
    displayName: 'Arjun D.',
    locale: 'en-IN',
    timeZone: 'Asia/Kolkata',
    profile: 'driver',
    days: 820,
    cities: [
      city('Mumbai', 'IN', 'IN-MH', 19.0728, 72.8826, 12, 'Bandra | Andheri | Dadar'),
      city('Pune', 'IN', 'IN-MH', 18.5196, 73.8554, 4.5, 'Kothrud | Aundh'),
      city('Thāne', 'IN', 'IN-MH', 19.197, 72.9635, 6.5, 'Naupada | Ghodbunder Road'),
    ],
  },
  {
    login: 'liam',
    displayName: 'Liam C.',
    locale: 'en-AU',
    timeZone: 'Australia/Sydney',
    profile: 'tinkerer',
    days: 970,
    cities: [
      city('Sydney', 'AU', 'AU-NSW', -33.8678, 151.2073, 34, 'Marrickville | Glebe | Ryde'),
      city('Newcastle', 'AU', 'AU-NSW', -32.9295, 151.7801, 23, 'Cooks Hill | Merewether'),
      city('Wollongong', 'AU', 'AU-NSW', -34.424, 150.8935, 23, 'Thirroul | Keiraville'),
    ],
  },
  {
    login: 'chloe',
    displayName: 'Chloe F.',
    locale: 'en-AU',
    timeZone: 'Australia/Melbourne',
    profile: 'decorator',
    days: 640,
    cities: [
      city('Melbourne', 'AU', 'AU-VIC', -37.814, 144.9633, 26, 'Brunswick | Footscray | Northcote'),
      city('Geelong', 'AU', 'AU-VIC', -38.1471, 144.3607, 19, 'Belmont | Newtown'),
    ],
  },
  {
    login: 'wei',
    displayName: 'Wei L.',
    locale: 'en-GB',
    timeZone: 'Asia/Singapore',
    profile: 'collector',
    days: 720,
    cities: [city('Singapore', 'SG', null, 1.2897, 103.8501, 42, 'Tiong Bahru | Bishan | Katong')],
  },
  {
    login: 'siti',
    displayName: 'Siti H.',
    locale: 'en-GB',
    timeZone: 'Asia/Jakarta',
    profile: 'family',
    days: 300,
    cities: [
      city('Jakarta', 'ID', null, -6.2146, 106.8451, 9, 'Kemang | Tebet | Menteng'),
      city('Bandung', 'ID', null, -6.9222, 107.6069, 5, 'Dago | Buah Batu'),
      city('Depok', 'ID', null, -6.4, 106.8186, 5, 'Margonda | Beji'),
    ],
  },
  {
    login: 'mere',
    displayName: 'Mere T.',
    locale: 'en-AU',
    timeZone: 'Pacific/Auckland',
    profile: 'landlord',
    days: 480,
    cities: [
      city('Auckland', 'NZ', null, -36.8485, 174.7635, 26, 'Grey Lynn | Mount Eden | Devonport'),
      city('Hamilton', 'NZ', null, -37.7833, 175.2833, 19, 'Hamilton East | Hillcrest'),
      city('Wellington', 'NZ', null, -41.2866, 174.7756, 25, 'Newtown | Aro Valley'),
    ],
  },
]

function city(
  name: string,
  country: string,
  subdivision: string | null,
  lat: number,
  lon: number,
  rent: number,
  areas: string,
): City {
  return { name, country, subdivision, lat, lon, rent, areas: areas.split(' | ') }
}
