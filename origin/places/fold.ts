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

/**
 * Folds a place name to what people type: lower case, no accents or apostrophes, one space between words.
 * "Saint-Étienne" → "saint etienne", "St. John's" → "st johns", "Łódź" → "lodz".
 */
export function foldName(name: string): string {
  const lower = name.toLowerCase()
  if (/^[a-z]+$/.test(lower)) return lower
  const plain = /[^\u0020-\u007e]/.test(lower) ? unaccent(lower) : lower
  return plain
    .replace(/['’‘ʻʼ`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function unaccent(text: string): string {
  const bare = text.normalize('NFD').replace(/\p{M}+/gu, '')
  return bare.replace(/[ßæœøłđðþıħə]/g, letter => letters[letter] ?? letter)
}
