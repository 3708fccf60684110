import { read } from '../../shared/api-client.ts'

type Props = { currency: string; digits: number; country: string; category: string | null }

/** Says on the button how many posts the filters would leave, and applies the sort at once. The form itself stays plain. */
export function mount(element: HTMLElement, props: Props): void {
  const form = element.querySelector('form')
  const button = form?.querySelector<HTMLButtonElement>('button[data-count]')
  if (!form || !button) return
  const plain = button.textContent
  let asked = new AbortController()
  form.addEventListener('input', async () => {
    asked.abort()
    asked = new AbortController()
    const { signal } = asked
    await new Promise(done => setTimeout(done, 250))
    if (signal.aborted) return
    const query = queryOf(new FormData(form), props)
    const counts = query && (await read('/post-counts', query, signal).catch(() => undefined))
    if (signal.aborted) return
    button.textContent = counts ? labelOf(counts.total) : plain
  })
  const sort = document.querySelector<HTMLSelectElement>('select[name=sort]')
  sort?.addEventListener('change', () => form.requestSubmit())
  form.addEventListener('submit', () => dropEmpty(form, sort))
}

function labelOf(total: number): string {
  if (total === 0) return 'Nothing yet: show anyway'
  return `Show ${total >= 10_000 ? 'over 10,000' : total.toLocaleString()} ${total === 1 ? 'post' : 'posts'}`
}

/** The API's query for what the form says; undefined while a place or an amount is not plain enough to be sure. */
export function queryOf(
  data: FormData,
  { currency, digits, country, category }: Props,
): Record<string, string> | undefined {
  const text = (name: string) => String(data.get(name) ?? '').trim()
  const minor = (name: string) => {
    const [plain, whole = '', decimals = ''] = /^(\d*)(?:[.,](\d{1,2}))?$/.exec(text(name)) ?? []
    if (plain === undefined || decimals.length > digits) return undefined
    return plain && whole + decimals.padEnd(digits, '0')
  }
  const radius = text('radius')
  if (/^\d/.test(radius) && text('place') !== text('nearOf')) return undefined
  const [minPrice, maxPrice] = [minor('min'), minor('max')]
  if (minPrice === undefined || maxPrice === undefined) return undefined
  const where: Record<string, string> = /^\d/.test(radius)
    ? { near: text('near'), radius }
    : radius === 'any'
      ? {}
      : { country, subdivision: text('subdivision') }
  const sort = text('sort')
  const byPrice: Record<string, string> = sort.endsWith('price') ? { sort, currency } : {}
  const priced: Record<string, string> = minPrice || maxPrice ? { minPrice, maxPrice, currency } : {}
  return { category: category ?? '', ...where, ...byPrice, ...priced }
}

/** Keeps the address short: a field that says nothing is not sent. Undone when the page comes back from the history. */
function dropEmpty(form: HTMLFormElement, sort: HTMLSelectElement | null): void {
  for (const field of form.elements as Iterable<HTMLInputElement>) if (field.name && !field.value) field.disabled = true
  if (sort?.value === 'newest') sort.disabled = true
  addEventListener(
    'pageshow',
    () => {
      for (const field of form.elements as Iterable<HTMLInputElement>) field.disabled = false
    },
    { once: true },
  )
}
