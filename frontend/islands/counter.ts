/** Counts the characters of a text field as it is typed: "34 of 120." before the help that is there. */
export function mount(element: HTMLElement, { max }: { max: number }): void {
  const input = element.querySelector('input')
  const help = element.querySelector('.help')
  if (!input || !help) return
  const count = document.createElement('span')
  help.prepend(count)
  const show = () => {
    const length = [...input.value].length
    count.textContent = length ? `${length} of ${max}. ` : ''
    count.className = length > max ? 'err' : ''
  }
  input.addEventListener('input', show)
  show()
}
