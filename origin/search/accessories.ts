/*
 * Words of titles that say that not the thing itself is for sale but something for it, or a piece of it. In lower case and the singular.
 */
const words = `
  accessory accessories adapter antenna armband attachment band basket battery bracket bumper cable carrier case charger clip cord cover cushion decal dock
  earbud earphone fender filter fork frame grip handlebar headlight headphone headset helmet hinge holder holster hook hose hubcap kickstand
  knob leg lens lid manual mat mount pad panel part pedal pouch protector pump rack remote rim saddle seat seatpost shade sheet skin sleeve slipcover
  stand stem sticker strap stylus tire topper tray tripod tube tyre wheel wiper`

const accessory = new RegExp(`\\b(${words.trim().split(/\s+/).join('|')})(?:e?s)?\\b`, 'g')
/** What comes after such a word is given along: a phone with a case is a phone. */
const givenAlong = /(?:\b(?:with|w|plus|and|includ\w*|incl|comes|new)\b|[+&,]).*$/s

/** Tells whether two titles sell the same kind of thing: both the thing itself, or both something for it that has the same name. */
export function areOfAKind(one: string, other: string): boolean {
  const [ones, others] = [accessoriesIn(one), accessoriesIn(other)]
  return ones.length === 0 ? others.length === 0 : ones.some(word => others.includes(word))
}

function accessoriesIn(title: string): string[] {
  const sold = title.toLowerCase().replace(givenAlong, '')
  return [...sold.matchAll(accessory)].map(([, word = '']) => (word === 'accessories' ? 'accessory' : word))
}
