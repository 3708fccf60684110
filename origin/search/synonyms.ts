/*
 * What people call the same thing, as data: a line is a group, its members stand for each other. Words are in lower case, several
 * words are one name; the engines bring each to its stem, so that plurals need no line of their own. `a > b` is one-sided: who
 * looks for `a` finds `b` too, but not the other way round. How to add one: docs/search.md.
 */
const lines = `
sofa, couch, settee, chesterfield, davenport
loveseat, love seat, two seater
sectional, corner sofa
sofa bed, sofabed, sleeper sofa, sleeper, futon, pull out couch, pull out sofa, hide a bed, hideaway bed, convertible sofa
armchair, easy chair, arm chair
recliner, reclining chair, lazy boy, la z boy, lazboy
ottoman, footstool, pouf, foot rest
dresser, chest of drawers, bureau
nightstand, night stand, bedside table, night table
wardrobe, armoire, closet organizer
bookcase, bookshelf, book shelf, book case
shelf, shelving, shelves
cabinet, cupboard
sideboard, buffet, credenza
hutch, china cabinet
vanity, dressing table, makeup table
chaise, chaise longue, chaise lounge
standing desk, sit stand desk, adjustable desk
tv stand, tv console, media console, entertainment center, tv unit
dining table, dinner table, kitchen table
dining set, dinette, dining room set
coffee table, cocktail table
end table, side table
desk, writing table, workstation
office chair, desk chair, computer chair, task chair
stool, bar stool, barstool, counter stool, bar chair
bed frame, bedframe, bedstead
mattress, box spring
bunk bed, bunkbed
crib, cot, baby bed
headboard, head board
rug, carpet
curtain, drape
lamp, light, lighting
mirror, looking glass
patio, outdoor, garden
patio set, patio furniture, outdoor furniture, garden furniture
apartment, flat, apt
studio, bachelor apartment, efficiency
house, home
townhouse, townhome, row house
condo, condominium
room, bedroom
roommate, flatmate, housemate, room mate
rent, rental, lease, let
sublet, sublease
granny flat, inlaw unit, guest house, guest cottage, adu
parking, garage, carport
basement, cellar
yard, backyard, garden
laundry, washer dryer, w d
dishwasher, dish washer
furnished, with furniture
br, bd, bedroom
1br, 1 bedroom, one bedroom, 1bd, 1 bd, 1 br
2br, 2 bedroom, two bedroom, 2bd, 2 bd, 2 br
3br, 3 bedroom, three bedroom, 3bd, 3 bd, 3 br
4br, 4 bedroom, four bedroom, 4bd, 4 bd, 4 br
ba, bath, bathroom
sqft, sq ft, square feet
pet friendly, pets ok, pets allowed, dogs ok, cats ok
tv, television, tele, telly
flat screen, flatscreen, lcd, led tv
remote, remote control
cell, mobile, cellphone, cell phone, mobile phone, smartphone, smart phone, handphone
phone, telephone
cell > phone
mobile > phone
cellphone > phone
smartphone > phone
iphone, i phone, apple phone
galaxy, samsung phone
android phone > android
unlocked, sim free
charger, charging cable, power adapter, power adaptor
case, phone cover, cover
screen protector, tempered glass
headphone, headset, earphone, earbud, ear bud
airpods, air pods
speaker, loudspeaker
soundbar, sound bar
noise canceling, noise cancelling, noise cancellation
powerbank, power bank, portable charger
memory card, sd card
webcam, web cam
bluetooth, wireless
laptop, notebook, notebook computer
macbook, mac book, apple laptop
macbook > laptop
chromebook > laptop
imac, i mac, apple desktop
pc, computer, desktop
desktop > computer
monitor, display, computer screen
keyboard, key board
hard drive, hard disk, hdd, harddrive
ssd, solid state drive
graphics card, video card, gpu
printer, all in one printer
scanner, document scanner
router, wifi router, modem
wifi, wi fi
tablet, ipad, i pad
ipad > tablet
kindle, ebook reader, e reader, ereader
camera, cam
dslr, digital slr, digital camera
lens, camera lens, objective
camcorder, video camera
gopro, go pro, action camera
drone, quadcopter
console, game console, gaming console
playstation, ps, play station
ps4, playstation 4
ps3, playstation 3
ps5, playstation 5
xbox, x box
nintendo, wii
video game, videogame
turntable, record player, phonograph
vinyl, lp, record
stereo, hifi, hi fi, receiver, amplifier
amp, amplifier
subwoofer, sub
projector, beamer
smartwatch, smart watch
apple watch, iwatch
watch, wristwatch
bike, bicycle, cycle, pushbike, push bike
mountain bike, mtb, mountainbike
road bike, racing bike, racer, roadbike
fixie, fixed gear, single speed, singlespeed
cruiser, beach cruiser
bmx, bmx bike
folding bike, foldable bike, folder bike
electric bike, e bike, ebike, pedelec
kids bike, childrens bike, child bike, boys bike, girls bike
tricycle, trike
helmet, bike helmet
wheelset, wheel set
handlebar, handle bar
saddle, bike seat
bike trailer, bike stroller
full suspension, dual suspension
hardtail, hard tail
bike rack, bike carrier, bicycle rack
car, auto, automobile, vehicle
truck, pickup, pickup truck, pick up truck, lorry
suv, sport utility, crossover, 4x4, four wheel drive
van, minivan, mini van
motorcycle, motorbike, motor bike
scooter, moped
atv, quad, four wheeler
rv, motorhome, motor home, camper, caravan
trailer, utility trailer
convertible, cabriolet, cabrio
sedan, saloon
station wagon, wagon, estate car
hatchback, hatch
tire, tyre
rim, wheel
automatic, auto transmission, automatic transmission
manual, stick shift, manual transmission, 5 speed
4wd, awd, 4x4, all wheel drive, four wheel drive
gas, petrol, gasoline
mileage, miles, odometer
chevy, chevrolet
vw, volkswagen
bmw, bimmer, beemer
benz, mercedes, mercedes benz
low miles, low mileage
v6, 6 cylinder, six cylinder
v8, 8 cylinder, eight cylinder
4 cylinder, four cylinder
crib, bassinet, cradle
high chair, highchair
stroller, pram, buggy, pushchair, baby carriage
car seat, carseat, child seat, baby seat
diaper, nappy
toy, plaything
baby, infant, newborn
kid, child, children, childrens
womens, women, ladies, lady
purse, handbag, hand bag
backpack, rucksack, knapsack
suitcase, luggage
sneaker, trainer, tennis shoe, running shoe
pants, trousers
sweater, jumper, pullover
jacket, coat
dress, gown
sunglasses, shades
glasses, eyeglasses, spectacles
jewelry, jewellery
fridge, refrigerator, icebox
freezer, deep freezer
stove, range, cooker, oven
microwave, microwave oven
vacuum, vacuum cleaner, hoover
washer, washing machine, clothes washer
dryer, tumble dryer, clothes dryer
air conditioner, ac, a c, air con, aircon
heater, space heater, radiator
fan, ventilator
bbq, barbecue, barbeque, grill
lawn mower, lawnmower, mower
chainsaw, chain saw
pressure washer, power washer
string trimmer, weed whacker, weed eater
snow blower, snowblower, snow thrower
generator, genset
drill, power drill, cordless drill
saw, circular saw
wrench, spanner
toolbox, tool box, tool chest
ladder, step ladder, stepladder
treadmill, running machine
elliptical, cross trainer
exercise bike, stationary bike, spin bike
weights, dumbbell, barbell
skis, ski
snowboard, snow board
surfboard, surf board
kayak, canoe
tent, camping tent
fishing rod, fishing pole
guitar, acoustic guitar
piano, keyboard piano, upright piano
drums, drum set, drum kit
ticket, admission
book, paperback, hardcover
picture, photo, print
painting, artwork
antique, vintage, retro
mid century, midcentury, mid century modern, mcm
leather, leatherette
wood, wooden
oak, oak wood
stainless, stainless steel
grey, gray
color, colour
brand new, bnib, new in box, nib, unopened, sealed
like new, mint, barely used, lightly used, gently used
free, giveaway, give away
cheap, inexpensive, affordable, bargain, budget
broken, for parts, not working, as is
set, bundle, lot
xl, extra large
kingsize, king size, king
queensize, queen size, queen
twin bed, single bed
full bed, double bed
aquarium, fish tank
dog, puppy
cat, kitten
`

/** A group of names for the same thing, each a list of words; `oneSided`: only who looks for the first finds the rest. */
export type SynonymGroup = { names: string[][]; oneSided: boolean }

/** All groups, in the order of the data. */
export const synonymGroups: readonly SynonymGroup[] = lines
  .split('\n')
  .filter(line => line !== '')
  .map(line => {
    const oneSided = line.includes('>')
    return { names: line.split(oneSided ? '>' : ',').map(name => name.trim().split(/\s+/)), oneSided }
  })
