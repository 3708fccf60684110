/** Says which photo of how many is seen, to the eye and politely to the ear, and closes the arrows at both ends. */
export function showPlace(within: Element | null, index: number, count: number, words = ''): void {
  for (const arrow of within?.querySelectorAll<HTMLButtonElement>('[data-turn]') ?? []) {
    const to = index + Number(arrow.dataset.turn)
    arrow.disabled = to < 0 || to >= count
  }
  const place = within?.querySelector('.count')
  if (place) place.textContent = `${index + 1} / ${count}`
  const said = within?.querySelector('[role=status]')
  const text = `Photo ${index + 1} of ${count}${words && `: ${words}`}`
  // The first one is no news.
  if (said && (said.textContent || index > 0 || words)) said.textContent = text
}
