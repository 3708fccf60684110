/**
 * Gives how many letters one must insert, leave out, replace, or swap with their neighbour to come from one word to another
 * (optimal string alignment; Damerau 1964), or `most + 1` as soon as it is more than `most`.
 */
export function editsBetween(one: string, other: string, most: number): number {
  const [a, b] = [[...one], [...other]]
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : replaced
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped))
    }
    if (Math.min(...row) > most) return most + 1
    before = last
    last = row
  }
  return Math.min(at(last, b.length), most + 1)
}

/** Edits that still make a word of so many letters the same: none in short ones, which are other words at once (as Lucene's AUTO). */
export function likelyEdits(letters: number): number {
  return letters < 4 ? 0 : letters < 6 ? 1 : 2
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0
}
