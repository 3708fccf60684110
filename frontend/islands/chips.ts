/** A chip puts its line into the message box at once; without JavaScript the page comes back with it. */
export function mount(element: HTMLElement): void {
  const box = element.querySelector('textarea')
  if (!box) return
  for (const chip of element.querySelectorAll<HTMLButtonElement>('button[name=chip]')) {
    chip.addEventListener('click', event => {
      event.preventDefault()
      const before = box.value.trimEnd()
      if (!before.includes(chip.value)) box.value = before ? `${before} ${chip.value}` : chip.value
      box.focus()
      box.setSelectionRange(box.value.length, box.value.length)
    })
  }
  let sent = false
  element.querySelector('form')?.addEventListener('submit', event => {
    if (sent) event.preventDefault()
    sent = true
  })
  addEventListener('pageshow', () => {
    sent = false
  })
}
