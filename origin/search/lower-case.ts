/**
 * Lower case as Postgres's C.UTF-8 makes it: letter by letter, one for one (Unicode's simple mapping), which a whole word's is not
 * always: "İstanbul" has one letter more in JavaScript, and "ΣΊΣΥΦΟΣ" another last one. Values are stored and asked for so.
 */
export function inLowerCase(text: string): string {
  return Array.from(text, letter => Array.from(letter.toLowerCase())[0] ?? letter).join('')
}
