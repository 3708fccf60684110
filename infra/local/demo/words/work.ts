import { item, type Words } from './words.ts'

export const jobs: Words = {
  handover: 'none',
  wear: {},
  reasons: [],
  items: [
    item(
      'full-time-jobs',
      -1,
      'Baker wanted, start in the new year | Bakery in {area} looks for a baker',
      { employer: 'Bakery in {area}', hoursPerWeek: 40, payPer: 'month', remote: false },
      'Sourdough and long proofs, no mixes. | We start at three and finish at eleven. | Sundays are free. | Come for a trial morning.',
    ),
    item(
      'full-time-jobs',
      -1,
      'Bicycle mechanic, full time | Workshop in {area} looks for a mechanic',
      { employer: 'Bicycle workshop in {area}', hoursPerWeek: 38, payPer: 'month', remote: false },
      'Small team of four. | Mostly city and cargo bikes. | You get your own stand and tools. | Training matters less than care.',
    ),
    item(
      'part-time-jobs',
      16,
      'Kitchen help, evenings, {hoursPerWeek} hours | Café looks for help on three evenings',
      { employer: 'Café in {area}', hoursPerWeek: [12, 15], payPer: 'hour', remote: false },
      'Three evenings a week. | A meal is included. | Tips are shared. | No experience needed.',
    ),
    item(
      'part-time-jobs',
      22,
      'Bookkeeping, {hoursPerWeek} hours a week, partly from home | Part-time bookkeeper for a small studio',
      { employer: 'Design studio', hoursPerWeek: [8, 10], payPer: 'hour', remote: true },
      'One day here and the rest from home. | About sixty invoices a month. | The hours are yours to set. | Long term.',
    ),
    item(
      'odd-jobs',
      18,
      'Help with a move on Saturday | Two strong hands for a move',
      { hoursPerWeek: 5, payPer: 'hour', remote: false },
      'From the third floor to the ground floor, about five hours. | The van is there. | Lunch and drinks included. | Paid the same day.',
    ),
    item(
      'odd-jobs',
      15,
      'Dog walker at noon, three days a week | Somebody to walk our dog',
      { hoursPerWeek: 3, payPer: 'hour', remote: false },
      'She is five, friendly and pulls a little. | An hour at noon from Tuesday to Thursday. | A park is around the corner. | We would like to meet first.',
    ),
    item(
      'training',
      -1,
      'Apprentice joiner | Joinery takes on an apprentice',
      { employer: 'Joinery near {area}', hoursPerWeek: 40, payPer: 'month', remote: false },
      'Doors, windows and stairs. | You should like wood and early mornings. | A trial week is paid. | Write a few lines about yourself.',
    ),
  ],
}

export const services: Words = {
  handover: 'none',
  wear: {},
  reasons: [],
  items: [
    item(
      'lessons',
      [28, 32],
      '{subject} lessons, all levels, in {area} | Private {subject} lessons',
      { subject: ['English', 'Spanish'], pricePer: 'hour', comesToYou: true },
      'I have taught for eleven years. | The first half hour is free. | At your place, mine or online. | Exams, job talks or just conversation.',
    ),
    item(
      'lessons',
      35,
      'Piano lessons for children and adults | Piano teacher in {area}',
      { subject: 'piano', pricePer: 'hour', comesToYou: false },
      'Trained at a conservatory, patient with beginners. | A good upright stands in my room. | Half hours are possible for small ones. | One informal concert a year.',
    ),
    item(
      'repairs',
      45,
      'Carpenter: doors, floors, shelves | Joiner for small jobs in {city}',
      { pricePer: 'hour', comesToYou: true },
      'Doors that stick, floors that creak, shelves that fit. | I bring tools and leave no dust. | Written offer before I start. | Usually free within two weeks.',
    ),
    item(
      'repairs',
      40,
      'Bicycle service at your door | Mobile bike repair in {city}',
      { pricePer: 'job', comesToYou: true },
      'Brakes, gears and one wheel trued are in the price. | Parts are extra, with a bill. | Evenings as well. | It takes about an hour.',
    ),
    item(
      'moving',
      55,
      'Van with driver, by the hour | Small moves with a van, {city}',
      { pricePer: 'hour', comesToYou: true },
      'Twelve cubic metres, straps and blankets. | I carry as well. | Also single pieces from the shop. | Weekends at the same price.',
    ),
    item(
      'cleaning',
      24,
      'Cleaning, regular or once | Windows and flats cleaned',
      { pricePer: 'hour', comesToYou: true },
      'Careful and on time. | I bring my own things if you like. | References from two families. | Ironing, too.',
    ),
    item(
      'care',
      18,
      'Babysitter with experience, {area} | Babysitting in the evenings',
      { pricePer: 'hour', comesToYou: true },
      'I am training to be a nursery teacher. | First aid course this year. | From six months up. | I stay until late and go home by bike.',
    ),
    item(
      'events',
      220,
      'Photographer for birthdays and small weddings | Photos of your party',
      { pricePer: 'day', comesToYou: true },
      'About two hundred edited pictures. | I stay in the background. | Delivery within ten days. | Half days can be arranged.',
    ),
    item(
      'computer-help',
      32,
      'Computer help for beginners, at home | Patient help with phone and laptop',
      { pricePer: 'hour', comesToYou: true },
      'E-mail, photos, backups and printers. | I explain until it is clear and write it down. | No charge if I cannot mend it. | Afternoons and Saturdays.',
    ),
  ],
}
