const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** Makes the dates inside an element relative: "2 hr. ago" for what is less than a week old. */
export function mount(element: HTMLElement): void {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
  const now = Date.now()
  for (const time of element.querySelectorAll<HTMLTimeElement>('time:not([data-fixed])')) {
    const age = (now - Date.parse(time.dateTime)) / 1000
    if (!(age < 7 * 86_400)) continue
    time.title = time.textContent
    time.textContent = ageText(age, format)
  }
}

/** @param age seconds */
export function ageText(age: number, format: Intl.RelativeTimeFormat): string {
  for (const [unit, size] of units) if (age >= size) return format.format(-Math.floor(age / size), unit)
  return 'just now'
}
