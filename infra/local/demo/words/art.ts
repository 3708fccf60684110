import { item, type Words } from './words.ts'

export const art: Words = {
  handover: 'small',
  wear: {
    like_new: ['In very good order.'],
    good: ['Honest signs of age.', 'In good order.'],
    worn: ['It shows its age.'],
  },
  reasons: ['From an estate.', 'I have run out of walls.', 'The collection goes, piece by piece.'],
  items: [
    item(
      'pictures',
      [140, 220],
      'Oil painting, harbour at dusk, {year} | Harbour scene in oil, signed',
      { technique: 'Oil on canvas', year: [1958, 1972], width: 60, height: 45 },
      'Signed at the lower right, I cannot read the name. | The frame is later. | A calm picture in blue and grey. | Canvas is tight.',
    ),
    item(
      'pictures',
      65,
      'Screen print, numbered, {year} | Numbered print, framed',
      { technique: 'Screen print', year: [1998, 2011], width: 50, height: 70 },
      'Number 41 of 120. | In a plain oak frame. | Bought at an open studio. | The colours are strong.',
      { bare: true },
    ),
    item(
      'pictures',
      40,
      'Old map of the coast, coloured | Map print, nineteenth century style',
      { technique: 'Lithograph', width: 42, height: 30 },
      'A good reprint, not an original. | Passe-partout included. | It hung in a hallway. | Easy to post in a tube.',
      { bare: true },
    ),
    item(
      'antiques',
      [160, 210],
      'Mantel clock, {period} | Wooden mantel clock, strikes the hours',
      { period: ['1910s', '1930s'], material: 'walnut', width: 38, height: 30, depth: 16 },
      'Goes for eight days and strikes the hours. | The key is there. | It was cleaned by a clockmaker. | One can turn the striking off.',
    ),
    item(
      'antiques',
      75,
      'Copper jam pan, {period} | Old copper pan, 38 cm',
      { period: ['around 1900', '1920s'], material: 'copper', width: 38, height: 14 },
      'Three kilos of copper. | Brass handles, riveted. | Polished last week. | We did make jam in it.',
    ),
    item(
      'collectibles',
      50,
      'Film posters, ten, from a small cinema | Ten cinema posters, {year}',
      { year: [1986, 1994] },
      'Folded, as they came. | Ten different ones. | Pin holes in the corners. | I worked at the cinema.',
      { bare: true },
    ),
    item(
      'collectibles',
      90,
      'Model railway wagons, lot of fourteen | H0 wagons, Märklin, fourteen',
      { year: 1979 },
      'All couplings are there. | Half of them in boxes. | Sold only together. | They roll easily.',
      { bare: true },
    ),
    item(
      'crafts',
      35,
      'Wool, three kilos, many colours | Box of knitting wool',
      { material: 'wool' },
      'Mostly whole balls. | Sorted by colour in bags. | No moths. | A jar of needles goes with it.',
      { bare: true },
    ),
  ],
}
