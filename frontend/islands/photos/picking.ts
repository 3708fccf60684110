/** Takes files that are dropped anywhere on the page or pasted; `over` marks where they would go. */
export function takeFiles(element: HTMLElement, add: (files: readonly File[]) => void): void {
  const mark = (over: boolean) => element.classList.toggle('over', over)
  addEventListener('dragover', event => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    mark(true)
  })
  addEventListener('dragleave', event => !event.relatedTarget && mark(false))
  addEventListener('drop', event => {
    const files = [...(event.dataTransfer?.files ?? [])]
    mark(false)
    if (files.length === 0) return
    event.preventDefault()
    add(files)
  })
  addEventListener('paste', event => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    add(files)
  })
}
