import type { AttributeSchema, CategoryData } from './category.ts'

/*
 * The tree as data: a leaf takes icon, expiry and attributes of its parent and may add its own.
 * One long file, so that the whole tree is read and searched in one place.
 */

const brand = text('brand', 'Brand')
const model = text('model', 'Model')
const colour = text('color', 'Colour')
const material = text('material', 'Material', 'Oak, steel')
const size = text('size', 'Size', 'M, 42')
const year = integer('year', 'Year', '', 1850, 2100)
const storage = integer('storage', 'Storage', 'GB', 1, 100_000)
const screenSize = number('screenSize', 'Screen size', 'in', 1, 150)
const dimensions = [
  number('width', 'Width', 'cm', 0, 5000),
  number('height', 'Height', 'cm', 0, 5000),
  number('depth', 'Depth', 'cm', 0, 5000),
]
const powerSource = choice('powerSource', 'Power', 'Mains, Battery, Petrol, Manual')
const language = text('language', 'Language', 'English')
const age = choice('age', 'Age', '0–12 months=0_1, 1–3 years=1_3, 3–6 years=3_6, 6–10 years=6_10, 10 and up=10_up')
const fuel = choice('fuel', 'Fuel', 'Petrol, Diesel, Hybrid, Plug-in hybrid, Electric, LPG or CNG=lpg, Other')
const transmission = choice('transmission', 'Transmission', 'Manual, Automatic, Other')
const odometer = integer('odometer', 'Odometer', 'km', 0, 3_000_000)
const titleStatus = choice('titleStatus', 'Papers', 'Clean, Salvage, Rebuilt, Lien, Missing, Parts only')
const paintColor = text('paintColor', 'Paint colour')
const vin = text('vin', 'VIN', 'On the windscreen and in the papers', 32)
const makeAndModel = [text('make', 'Make', 'Toyota'), text('model', 'Model', 'Corolla')]
const area = number('area', 'Area', 'm²', 0, 1_000_000)
const dwelling = [
  number('rooms', 'Rooms', '', 0, 100),
  integer('bedrooms', 'Bedrooms', '', 0, 50),
  integer('bathrooms', 'Bathrooms', '', 0, 50),
  area,
  integer('floor', 'Floor', '', -5, 200),
  boolean('furnished', 'Furnished'),
  boolean('petsAllowed', 'Pets allowed'),
  boolean('balcony', 'Balcony or garden'),
  boolean('parking', 'Parking'),
]
const rentPeriod = choice('rentPeriod', 'Rent per', 'Month, Week, Night')
const availableFrom = text('availableFrom', 'Free from', '1 March')

export const tree: readonly CategoryData[] = [
  {
    slug: 'bikes',
    name: 'Bikes',
    icon: 'bike',
    attributes: [brand],
    children: [
      {
        slug: 'bicycles',
        name: 'Bicycles',
        attributes: [
          model,
          choice(
            'type',
            'Type',
            'City, Road, Mountain, Gravel, Hybrid, Touring, Folding, Fixed gear, BMX, Tandem, Other',
          ),
          ...bikeSizes(),
          integer('gears', 'Gears', '', 1, 40),
        ],
      },
      {
        slug: 'electric-bikes',
        name: 'Electric bikes',
        icon: 'zap',
        attributes: [model, ...bikeSizes(), integer('battery', 'Battery', 'Wh', 50, 3000), odometer],
      },
      {
        slug: 'cargo-bikes',
        name: 'Cargo bikes',
        attributes: [model, boolean('electric', 'Electric'), ...bikeSizes()],
      },
      { slug: 'kids-bikes', name: "Kids' bikes", attributes: [model, ...bikeSizes()] },
      { slug: 'bike-parts', name: 'Bike parts', icon: 'cog', attributes: [model] },
      { slug: 'bike-accessories', name: 'Helmets, locks and bags', icon: 'hard-hat', attributes: [size] },
    ],
  },
  {
    slug: 'furniture',
    name: 'Furniture',
    icon: 'sofa',
    attributes: [brand, material, colour, ...dimensions],
    children: [
      { slug: 'sofas', name: 'Sofas', attributes: [integer('seats', 'Seats', '', 1, 20)] },
      { slug: 'armchairs', name: 'Armchairs', icon: 'armchair' },
      { slug: 'tables', name: 'Tables', icon: 'utensils', attributes: [integer('seats', 'Seats', '', 1, 30)] },
      { slug: 'chairs', name: 'Chairs and stools', icon: 'rocking-chair', attributes: [pieces()] },
      { slug: 'beds', name: 'Beds and mattresses', icon: 'bed-double' },
      { slug: 'wardrobes', name: 'Wardrobes and drawers', icon: 'door-closed' },
      { slug: 'shelves', name: 'Shelves and cabinets', icon: 'shelving-unit' },
      { slug: 'desks', name: 'Desks and office', icon: 'lamp-desk' },
      { slug: 'other-furniture', name: 'Other furniture', icon: 'archive' },
    ],
  },
  {
    slug: 'vehicles',
    name: 'Cars',
    icon: 'car',
    expiryDays: 60,
    children: [
      {
        slug: 'cars',
        name: 'Cars and SUVs',
        attributes: [
          ...makeAndModel,
          year,
          odometer,
          fuel,
          transmission,
          choice(
            'bodyType',
            'Body',
            'Saloon=sedan, Hatchback, Estate=wagon, SUV, Coupe, Convertible, Pickup, Truck, Van, Minivan, Off-road, Other',
          ),
          choice('drive', 'Drive', 'Front=fwd, Rear=rwd, All wheels=4wd'),
          integer('cylinders', 'Cylinders', '', 1, 16),
          choice('sizeClass', 'Size', 'Full-size, Mid-size, Compact, Sub-compact'),
          paintColor,
          titleStatus,
          vin,
        ],
      },
      {
        slug: 'motorcycles',
        name: 'Motorcycles and scooters',
        icon: 'motorbike',
        attributes: [...makeAndModel, year, odometer, fuel, engineSize(), paintColor, titleStatus, vin],
      },
      {
        slug: 'vans-trucks',
        name: 'Vans and trucks',
        icon: 'truck',
        attributes: [
          ...makeAndModel,
          year,
          odometer,
          fuel,
          transmission,
          integer('payload', 'Payload', 'kg', 0, 60_000),
          titleStatus,
          vin,
        ],
      },
      {
        slug: 'campers',
        name: 'Campers and caravans',
        icon: 'caravan',
        attributes: [...makeAndModel, year, odometer, fuel, integer('berths', 'Sleeps', '', 1, 12), titleStatus],
      },
      {
        slug: 'boats',
        name: 'Boats',
        icon: 'sailboat',
        attributes: [...makeAndModel, year, number('length', 'Length', 'm', 0, 200)],
      },
      {
        slug: 'car-parts',
        name: 'Parts and tyres',
        icon: 'cog',
        expiryDays: 30,
        attributes: [brand, text('fits', 'Fits', 'Golf VII')],
      },
      { slug: 'other-vehicles', name: 'Other vehicles', icon: 'tractor', attributes: [...makeAndModel, year] },
    ],
  },
  {
    slug: 'housing',
    name: 'Housing',
    icon: 'house',
    expiryDays: 60,
    children: [
      {
        slug: 'apartments-for-rent',
        name: 'Apartments for rent',
        icon: 'building-2',
        attributes: [...dwelling, rentPeriod, availableFrom],
      },
      { slug: 'houses-for-rent', name: 'Houses for rent', attributes: [...dwelling, rentPeriod, availableFrom] },
      {
        slug: 'rooms',
        name: 'Rooms and shares',
        icon: 'door-open',
        attributes: [
          area,
          boolean('furnished', 'Furnished'),
          boolean('petsAllowed', 'Pets allowed'),
          integer('housemates', 'Housemates', '', 0, 30),
          rentPeriod,
          availableFrom,
        ],
      },
      { slug: 'apartments-for-sale', name: 'Apartments for sale', icon: 'building', attributes: [...dwelling, year] },
      { slug: 'houses-for-sale', name: 'Houses for sale', icon: 'key-round', attributes: [...dwelling, plot(), year] },
      {
        slug: 'holiday-homes',
        name: 'Holiday homes',
        icon: 'tree-palm',
        attributes: [...dwelling, rentPeriod, integer('guests', 'Guests', '', 1, 50)],
      },
      { slug: 'offices', name: 'Offices and shops', icon: 'store', attributes: [area, rentPeriod, availableFrom] },
      {
        slug: 'parking-storage',
        name: 'Parking and storage',
        icon: 'warehouse',
        attributes: [area, rentPeriod, availableFrom],
      },
      { slug: 'land', name: 'Land', icon: 'land-plot', attributes: [plot()] },
    ],
  },
  {
    slug: 'phones',
    name: 'Phones',
    icon: 'smartphone',
    attributes: [brand, model],
    children: [
      {
        slug: 'smartphones',
        name: 'Smartphones',
        attributes: [
          storage,
          colour,
          text('network', 'Network', 'Unlocked'),
          integer('batteryHealth', 'Battery health', '%', 0, 100),
          boolean('dualSim', 'Dual SIM'),
        ],
      },
      { slug: 'other-phones', name: 'Simple and landline phones', icon: 'phone' },
      {
        slug: 'phone-accessories',
        name: 'Cases and chargers',
        icon: 'cable',
        attributes: [text('fits', 'Fits', 'iPhone 15')],
      },
    ],
  },
  {
    slug: 'electronics',
    name: 'Electronics',
    icon: 'laptop',
    attributes: [brand, model],
    children: [
      { slug: 'laptops', name: 'Laptops', attributes: computer() },
      { slug: 'desktop-computers', name: 'Desktop computers', icon: 'pc-case', attributes: computer() },
      { slug: 'tablets', name: 'Tablets and e-readers', icon: 'tablet', attributes: [screenSize, storage] },
      { slug: 'monitors-printers', name: 'Monitors and printers', icon: 'monitor', attributes: [screenSize] },
      { slug: 'tv-video', name: 'TV and video', icon: 'tv', attributes: [screenSize] },
      { slug: 'audio', name: 'Audio', icon: 'headphones' },
      {
        slug: 'cameras',
        name: 'Cameras',
        icon: 'camera',
        attributes: [number('megapixels', 'Resolution', 'MP', 0, 500), text('mount', 'Lens mount')],
      },
      {
        slug: 'video-games',
        name: 'Consoles and games',
        icon: 'gamepad-2',
        attributes: [text('platform', 'Platform', 'PS5'), storage],
      },
      { slug: 'wearables', name: 'Smart watches', icon: 'watch' },
      { slug: 'computer-parts', name: 'Computer parts', icon: 'cpu' },
      { slug: 'other-electronics', name: 'Other electronics', icon: 'cable' },
    ],
  },
  {
    slug: 'clothing',
    name: 'Clothing',
    icon: 'shirt',
    attributes: [brand, size, colour],
    children: [
      { slug: 'womens-clothing', name: "Women's clothing", attributes: [material] },
      { slug: 'mens-clothing', name: "Men's clothing", attributes: [material] },
      { slug: 'shoes', name: 'Shoes', icon: 'footprints' },
      { slug: 'bags', name: 'Bags and suitcases', icon: 'handbag', attributes: [material] },
      { slug: 'jewellery-watches', name: 'Jewellery and watches', icon: 'gem', attributes: [material] },
      { slug: 'costumes', name: 'Costumes and formal wear', icon: 'venetian-mask' },
    ],
  },
  {
    slug: 'kids',
    name: 'Kids',
    icon: 'baby',
    attributes: [brand, age],
    children: [
      { slug: 'toys', name: 'Toys', icon: 'toy-brick' },
      { slug: 'kids-clothing', name: "Kids' clothing", icon: 'shirt', attributes: [size] },
      { slug: 'prams', name: 'Prams and car seats' },
      { slug: 'kids-furniture', name: "Kids' furniture", icon: 'bed-single', attributes: [material] },
      { slug: 'baby-care', name: 'Feeding and care', icon: 'milk' },
      {
        slug: 'games-puzzles',
        name: 'Games and puzzles',
        icon: 'puzzle',
        attributes: [integer('players', 'Players', '', 1, 30)],
      },
    ],
  },
  {
    slug: 'garden',
    name: 'Garden',
    icon: 'sprout',
    children: [
      {
        slug: 'plants',
        name: 'Plants',
        icon: 'flower-2',
        expiryDays: 14,
        attributes: [integer('plantHeight', 'Height', 'cm', 1, 3000), pieces()],
      },
      { slug: 'pots', name: 'Pots and planters', icon: 'amphora', attributes: [material, pieces()] },
      {
        slug: 'garden-tools',
        name: 'Garden tools and mowers',
        icon: 'shovel',
        attributes: [brand, model, powerSource],
      },
      {
        slug: 'garden-furniture',
        name: 'Garden furniture',
        icon: 'parasol',
        attributes: [brand, material, ...dimensions],
      },
      {
        slug: 'barbecues',
        name: 'Barbecues and heaters',
        icon: 'flame',
        attributes: [brand, choice('fuel', 'Fuel', 'Charcoal, Gas, Electric, Wood')],
      },
      { slug: 'sheds', name: 'Sheds and greenhouses', icon: 'warehouse', attributes: [material, ...dimensions] },
    ],
  },
  {
    slug: 'books',
    name: 'Books',
    icon: 'book-open',
    attributes: [
      text('author', 'Author'),
      language,
      choice('format', 'Format', 'Paperback, Hardcover, Set'),
      year,
      text('isbn', 'ISBN', '978…', 17),
    ],
    children: [
      { slug: 'novels', name: 'Novels and stories' },
      { slug: 'non-fiction', name: 'Non-fiction', icon: 'book-marked' },
      { slug: 'textbooks', name: 'Textbooks', icon: 'graduation-cap', attributes: [text('edition', 'Edition', '3rd')] },
      { slug: 'childrens-books', name: "Children's books", icon: 'book-heart' },
      { slug: 'comics', name: 'Comics and manga', icon: 'book-image' },
      { slug: 'cookbooks', name: 'Cookbooks', icon: 'chef-hat' },
      { slug: 'magazines', name: 'Magazines', icon: 'newspaper' },
    ],
  },
  {
    slug: 'music',
    name: 'Music',
    icon: 'guitar',
    children: [
      { slug: 'guitars', name: 'Guitars and basses', attributes: instrument() },
      {
        slug: 'keyboards',
        name: 'Pianos and keyboards',
        icon: 'piano',
        attributes: [...instrument(), integer('keys', 'Keys', '', 1, 120)],
      },
      { slug: 'drums', name: 'Drums and percussion', icon: 'drum', attributes: instrument() },
      { slug: 'other-instruments', name: 'Strings, brass and woodwind', icon: 'music', attributes: instrument() },
      { slug: 'studio', name: 'Studio and stage', icon: 'mic-vocal', attributes: [brand, model] },
      {
        slug: 'records',
        name: 'Records and CDs',
        icon: 'disc-3',
        attributes: [text('artist', 'Artist'), choice('format', 'Format', 'LP, Single, CD, Cassette, Box set'), year],
      },
      { slug: 'sheet-music', name: 'Sheet music', icon: 'file-music', attributes: [text('composer', 'Composer')] },
    ],
  },
  {
    slug: 'tools',
    name: 'Tools',
    icon: 'hammer',
    attributes: [brand, model],
    children: [
      {
        slug: 'power-tools',
        name: 'Power tools',
        icon: 'drill',
        attributes: [powerSource, integer('voltage', 'Voltage', 'V', 1, 1000)],
      },
      { slug: 'hand-tools', name: 'Hand tools', icon: 'wrench', attributes: [pieces()] },
      {
        slug: 'workshop',
        name: 'Workshop machines',
        icon: 'cog',
        attributes: [powerSource, integer('power', 'Power', 'W', 1, 100_000)],
      },
      {
        slug: 'ladders',
        name: 'Ladders and scaffolds',
        icon: 'construction',
        attributes: [number('height', 'Height', 'm', 0, 50)],
      },
      { slug: 'building-materials', name: 'Building materials', icon: 'brick-wall', attributes: [material, area] },
      { slug: 'measuring', name: 'Measuring and lasers', icon: 'ruler' },
    ],
  },
  {
    slug: 'home',
    name: 'Home and décor',
    icon: 'lamp',
    attributes: [brand, colour],
    children: [
      { slug: 'lamps', name: 'Lamps', attributes: [material] },
      {
        slug: 'rugs-curtains',
        name: 'Rugs and curtains',
        icon: 'blinds',
        attributes: [material, integer('length', 'Length', 'cm', 1, 5000), integer('width', 'Width', 'cm', 1, 5000)],
      },
      { slug: 'kitchenware', name: 'Kitchenware', icon: 'cooking-pot', attributes: [material, pieces()] },
      {
        slug: 'large-appliances',
        name: 'Fridges, cookers and washers',
        icon: 'washing-machine',
        attributes: [model, ...dimensions],
      },
      { slug: 'small-appliances', name: 'Small appliances', icon: 'coffee', attributes: [model] },
      { slug: 'bedding', name: 'Bedding and linen', icon: 'bed-single', attributes: [material, size] },
      { slug: 'decoration', name: 'Decoration', icon: 'frame', attributes: [material] },
    ],
  },
  {
    slug: 'sports',
    name: 'Sports',
    icon: 'dumbbell',
    attributes: [brand, size],
    children: [
      { slug: 'fitness', name: 'Fitness', attributes: [number('weight', 'Weight', 'kg', 0, 1000)] },
      { slug: 'camping', name: 'Camping and hiking', icon: 'tent' },
      {
        slug: 'winter-sports',
        name: 'Winter sports',
        icon: 'snowflake',
        attributes: [integer('length', 'Length', 'cm', 1, 300)],
      },
      { slug: 'water-sports', name: 'Water sports', icon: 'kayak' },
      { slug: 'ball-sports', name: 'Ball and racket sports', icon: 'volleyball' },
      { slug: 'fishing', name: 'Fishing', icon: 'fishing-rod' },
    ],
  },
  {
    slug: 'pets',
    name: 'Pets',
    icon: 'paw-print',
    children: [
      { slug: 'pet-supplies', name: 'Pet supplies', icon: 'bone', attributes: [brand, size] },
      {
        slug: 'aquariums',
        name: 'Aquariums and terrariums',
        icon: 'fish',
        attributes: [integer('volume', 'Volume', 'L', 1, 10_000)],
      },
      { slug: 'riding', name: 'Riding', icon: 'award', attributes: [brand, size] },
      {
        slug: 'pet-adoption',
        name: 'Looking for a home',
        icon: 'heart-handshake',
        attributes: [
          text('breed', 'Breed'),
          integer('months', 'Age', 'months', 0, 600),
          boolean('vaccinated', 'Vaccinated'),
        ],
      },
    ],
  },
  {
    slug: 'art',
    name: 'Art and antiques',
    icon: 'palette',
    children: [
      {
        slug: 'pictures',
        name: 'Paintings and prints',
        icon: 'image',
        attributes: [text('artist', 'Artist'), text('technique', 'Technique', 'Oil on canvas'), year, ...dimensions],
      },
      {
        slug: 'antiques',
        name: 'Antiques',
        icon: 'amphora',
        attributes: [text('period', 'Period', '1920s'), material, ...dimensions],
      },
      { slug: 'collectibles', name: 'Collectibles', icon: 'coins', attributes: [year] },
      { slug: 'crafts', name: 'Crafts and supplies', icon: 'scissors', attributes: [material] },
    ],
  },
  {
    slug: 'tickets',
    name: 'Tickets',
    icon: 'ticket',
    expiryDays: 14,
    attributes: [
      text('date', 'Date', '14 May 2027'),
      text('venue', 'Venue'),
      integer('quantity', 'Tickets', '', 1, 50),
    ],
    children: [
      { slug: 'concert-tickets', name: 'Concerts', icon: 'music-2' },
      { slug: 'sports-tickets', name: 'Sports events', icon: 'trophy' },
      { slug: 'theatre-tickets', name: 'Theatre and shows', icon: 'drama' },
      { slug: 'travel-vouchers', name: 'Travel and vouchers', icon: 'plane' },
    ],
  },
  {
    slug: 'jobs',
    name: 'Jobs',
    icon: 'briefcase',
    attributes: [
      text('employer', 'Employer'),
      integer('hoursPerWeek', 'Hours per week', 'h', 1, 80),
      choice('payPer', 'Pay per', 'Hour, Day, Month, Year'),
      boolean('remote', 'Remote'),
    ],
    children: [
      { slug: 'full-time-jobs', name: 'Full-time' },
      { slug: 'part-time-jobs', name: 'Part-time', icon: 'clock' },
      { slug: 'odd-jobs', name: 'Odd jobs and gigs', icon: 'hand-helping' },
      { slug: 'training', name: 'Training and internships', icon: 'school' },
    ],
  },
  {
    slug: 'services',
    name: 'Services',
    icon: 'handshake',
    expiryDays: 90,
    attributes: [choice('pricePer', 'Price per', 'Job, Hour, Day'), boolean('comesToYou', 'Comes to you')],
    children: [
      { slug: 'lessons', name: 'Lessons', icon: 'languages', attributes: [text('subject', 'Subject')] },
      { slug: 'repairs', name: 'Repairs and building', icon: 'wrench' },
      { slug: 'moving', name: 'Moving and transport', icon: 'truck' },
      { slug: 'cleaning', name: 'Cleaning', icon: 'brush-cleaning' },
      { slug: 'care', name: 'Child and pet care', icon: 'hand-heart' },
      { slug: 'events', name: 'Parties and photos', icon: 'party-popper' },
      { slug: 'computer-help', name: 'Computer help', icon: 'mouse' },
    ],
  },
  {
    slug: 'community',
    name: 'Community',
    icon: 'users-round',
    children: [
      { slug: 'lost-found', name: 'Lost and found', icon: 'search', expiryDays: 60 },
      { slug: 'activities', name: 'Activities', icon: 'calendar-days' },
      { slug: 'ride-shares', name: 'Ride shares', icon: 'car-front', expiryDays: 14 },
      { slug: 'volunteers', name: 'Volunteers', icon: 'heart-handshake' },
      { slug: 'swaps', name: 'Swaps and wanted', icon: 'repeat' },
    ],
  },
  { slug: 'free-stuff', name: 'Free stuff', icon: 'gift', expiryDays: 14 },
]

function text(key: string, label: string, placeholder = '', maxLength = 80): AttributeSchema {
  return { type: 'text', key, label, maxLength, ...(placeholder ? { placeholder } : {}) }
}

function integer(key: string, label: string, unit: string, min: number, max: number): AttributeSchema {
  return { type: 'integer', key, label, ...(unit ? { unit } : {}), min, max }
}

function number(key: string, label: string, unit: string, min: number, max: number): AttributeSchema {
  return { type: 'number', key, label, ...(unit ? { unit } : {}), min, max }
}

function boolean(key: string, label: string): AttributeSchema {
  return { type: 'boolean', key, label }
}

/** `options` reads "Label, Label=value": a value not written is the label in snake_case. */
function choice(key: string, label: string, options: string): AttributeSchema {
  const choices = options.split(', ').map(option => {
    const [name = '', value = name.toLowerCase().replace(/[^a-z0-9]+/g, '_')] = option.split('=')
    return { value, label: name }
  })
  return { type: 'choice', key, label, choices }
}

function bikeSizes(): AttributeSchema[] {
  return [number('frameSize', 'Frame', 'cm', 10, 80), number('wheelSize', 'Wheels', 'in', 8, 36)]
}

function computer(): AttributeSchema[] {
  return [text('processor', 'Processor'), integer('memory', 'Memory', 'GB', 1, 4096), storage, screenSize]
}

function instrument(): AttributeSchema[] {
  return [brand, model, year]
}

function pieces(): AttributeSchema {
  return integer('pieces', 'Pieces', '', 1, 1000)
}

function plot(): AttributeSchema {
  return number('plot', 'Plot', 'm²', 0, 100_000_000)
}

function engineSize(): AttributeSchema {
  return integer('engineSize', 'Engine', 'cm³', 20, 3000)
}
