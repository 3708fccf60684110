const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ə: 'a',
}
const foldedLetters = new Map<string, string>()

/**
 * Folds a place name to what people type: lower case, no accents or apostrophes, one space between words.
 * "Saint-Étienne" → "saint etienne", "St. John's" → "st johns", "Łódź" → "lodz".
 */
export function foldName(name: string): string {
  let folded = ''
  for (const letter of name.normalize('NFC')) {
    const next = foldLetter(letter)
    folded += next === ' ' && (folded === '' || folded.endsWith(' ')) ? '' : next
  }
  return folded.trimEnd()
}

/**
 * Folds the UTF-8 name in `bytes` [start, end) into `target` at `at`: as `foldName`, without a string for plain ASCII.
 * @returns where the folded name ends
 */
export function foldInto(target: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  let to = at
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0
    if (byte > 127) return at + target.write(foldName(bytes.toString('utf8', start, end)), at)
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte
    if ((lower >= 97 && lower <= 122) || (lower >= 48 && lower <= 57)) target[to++] = lower
    else if (lower !== 39 && lower !== 96 && to > at && target[to - 1] !== 32) target[to++] = 32
  }
  return to > at && target[to - 1] === 32 ? to - 1 : to
}

/** Folds one code point: to letters and digits, to nothing (accents, apostrophes), or to a space. */
function foldLetter(letter: string): string {
  let folded = foldedLetters.get(letter)
  if (folded === undefined) {
    const bare = letter
      .toLowerCase()
      .normalize('NFD')
      .replace(/[\p{M}'’‘ʻʼ`]/gu, '')
    folded = letters[bare] ?? bare.replace(/[^\p{L}\p{N}]/gu, ' ')
    if (foldedLetters.size < 5000) foldedLetters.set(letter, folded)
  }
  return folded
}
