import { item, type Words } from './words.ts'

/** Tickets. `{date}` is a day some weeks from now. */
export const tickets: Words = {
  handover: 'none',
  wear: {},
  reasons: ['I cannot go after all.', 'My friend has fallen ill.', 'I am away that week.'],
  items: [
    item(
      'concert-tickets',
      38,
      'Two tickets, symphony concert, {date} | City orchestra, {date}, two seats',
      { venue: '{city} Concert Hall', quantity: 2, date: '{date}' },
      'Row 8, side by side. | Price is for one ticket; I sell both together. | They are on paper and can be handed over in {area}. | Below what I paid.',
    ),
    item(
      'concert-tickets',
      25,
      'Jazz night, {quantity} tickets, {date} | Tickets for the jazz club, {date}',
      { venue: 'Jazz club in {area}', quantity: [2, 3], date: '{date}' },
      'Doors at seven, music from eight. | Free choice of seats. | I can pass them on by mail. | Same price as at the door.',
    ),
    item(
      'sports-tickets',
      32,
      'Football, home match, {date}, two seats | Two seats for the match on {date}',
      { venue: '{city} Stadium', quantity: 2, date: '{date}' },
      'Upper tier along the side. | Sold together. | The name on them can be changed online. | I want what I paid, no more.',
    ),
    item(
      'theatre-tickets',
      28,
      'Theatre, {date}, two tickets | Two seats in the theatre, {date}',
      { venue: '{city} Theatre', quantity: 2, date: '{date}' },
      'Stalls, row 12. | Surtitles in English. | They can be picked up in {area}. | About two hours with one interval.',
    ),
    item(
      'theatre-tickets',
      22,
      "Puppet theatre for children, {date} | Three tickets, children's theatre",
      { venue: 'Puppet theatre in {area}', quantity: 3, date: '{date}' },
      'For four years and up. | One grown-up and two children. | The show lasts fifty minutes. | Our little one has the measles.',
    ),
    item(
      'travel-vouchers',
      [120, 180],
      'Voucher for two nights in a country inn | Gift voucher, inn with breakfast',
      { quantity: 1, date: 'valid for a year' },
      'Two nights for two with breakfast. | Valid on weekdays and weekends. | The inn has confirmed that anybody may use it. | About an hour from {city}.',
    ),
  ],
}

export const community: Words = {
  handover: 'none',
  wear: {},
  reasons: [],
  items: [
    item(
      'lost-found',
      0,
      'Found: bunch of keys near {area} | Keys found in {area}',
      {},
      'Four keys and a small red torch. | They lay on the pavement this week. | Tell me what hangs on the ring besides. | I can bring them along.',
    ),
    item(
      'lost-found',
      0,
      'Lost: grey tabby cat around {area} | Have you seen our cat? {area}',
      {},
      'She is shy and has a white paw. | Please look into sheds and cellars. | She answers to Mina, if she wants to. | Any hint helps.',
    ),
    item(
      'activities',
      0,
      'Sunday walk, all paces, from {area} | Walking group looks for company',
      {},
      'We meet on Sundays at ten. | Twelve to fifteen kilometres with a break for lunch. | No fee and no club. | Dogs are welcome.',
    ),
    item(
      'activities',
      0,
      'Board game evening every second Thursday | Games evening in {area}',
      {},
      'Usually six to ten people. | We explain the rules. | Bring a drink for yourself. | Beginners are welcome.',
    ),
    item(
      'activities',
      0,
      'Amateur choir looks for tenors and basses | Choir in {area} looks for voices',
      {},
      'We rehearse on Tuesday evenings. | From Byrd to folk songs. | Reading music helps but is no must. | One concert in summer and one in winter.',
    ),
    item(
      'ride-shares',
      [12, 18],
      'Ride on Friday from {city}, two seats free | Two seats free on Friday afternoon',
      {},
      'I leave after work around five. | Room for one bag each. | The price is a share of the fuel. | Back on Sunday evening.',
    ),
    item(
      'volunteers',
      0,
      'Repair café needs people who can solder | Volunteers for the repair café, {area}',
      {},
      'Once a month on a Saturday afternoon. | Toasters, lamps and radios mostly. | Coffee and cake are on us. | Tools are there.',
    ),
    item(
      'swaps',
      -1,
      'Wanted: old flower pots and trellis | Looking for a trellis and pots',
      {},
      "For a shared garden behind the house. | Chips don't matter. | I can collect with a trolley. | Jam in return.",
    ),
    item(
      'swaps',
      -1,
      'Swap: guitar lessons for help with German | Language for music, a swap',
      {},
      'An hour for an hour. | I have played for twenty years. | Evenings or weekends. | We could meet in {area}.',
    ),
  ],
}

export const freeStuff: Words = {
  handover: 'collect',
  wear: { good: ['Still good.'], worn: ['Used, but usable.'] },
  reasons: ['It must be gone by the weekend.', 'Better used than thrown away.'],
  items: [
    item(
      'free-stuff',
      0,
      'Moving boxes, about thirty | Thirty moving boxes, flat',
      {},
      'Folded flat and dry. | Some have room names on them. | Tape is left over, too. | All or some.',
    ),
    item(
      'free-stuff',
      0,
      'Armchair, faded, very comfortable | Old armchair to give away',
      {},
      'The cover is faded at the arms. | No springs poke out. | It needs a van or two strong friends. | Good for a studio.',
    ),
    item(
      'free-stuff',
      0,
      'Jam jars with lids, a whole box | Forty empty jars',
      {},
      'Washed, lids included. | Several sizes. | Bring the box back or keep it. | Next summer comes for certain.',
    ),
    item(
      'free-stuff',
      0,
      'Wooden pallets, five | Five pallets for building',
      {},
      'Heat-treated, with the stamp. | They are dry and without nails sticking out. | They stand beside the gate. | Take as many as you like.',
    ),
    item(
      'free-stuff',
      0,
      'Encyclopaedia, 24 volumes | Complete encyclopaedia, free',
      {},
      'Twenty-four volumes and an index. | Knows nothing after 1996. | Looks well on a shelf. | Strong arms needed.',
    ),
    item(
      'free-stuff',
      0,
      'Houseplant cuttings, spider plant and pothos | Cuttings to give away',
      {},
      'Rooted in water. | Bring a jar. | They forgive everything. | Six or seven of each.',
      { conditions: [] },
    ),
    item(
      'free-stuff',
      0,
      'Desk, 120 cm, one drawer sticks | Plain desk for free',
      {},
      'One drawer sticks, the other two are fine. | White top with a coffee ring. | Legs come off. | It would do for a student.',
    ),
  ],
}
