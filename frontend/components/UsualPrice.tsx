import { formatMoney } from '../../shared/money.ts'
import type { Post } from '../../shared/post.ts'
import type { UsualPrice as Usual } from '../../shared/search.ts'
import { useSite } from '../context.ts'
import { plural } from '../format.ts'

type Range = NonNullable<Usual['price']>

/** What such things usually cost: in words, and drawn as a band on which this post's own price is a dot. */
export function UsualPrice({ usual, price }: { usual: Range; price: Post['price'] }) {
  const { locale } = useSite().shell
  const { currency, low, high, count } = usual
  const [from, to] = [low, high].map(amount => formatMoney({ amount, currency }, locale))
  const drawn = price?.currency === currency ? { ...usual, amount: price.amount } : null
  return (
    <div class="usual">
      <p>
        Usual price here: <b>{from === to ? from : `${from}–${to}`}</b>
      </p>
      {drawn && <Band {...drawn} />}
      <small>
        From {plural(count, 'post', 'posts', locale)} like it
        {drawn && `; this one is ${standing(drawn)}`}
      </small>
    </div>
  )
}

function standing({ amount, low, high }: Range & { amount: number }): string {
  if (amount < low) return 'below that'
  return amount > high ? 'above that' : 'within that'
}

/** Says nothing that the words do not say. A price far out lies at the end. */
function Band({ low, high, amount }: Range & { amount: number }) {
  const reach = Math.max(high - low, high * 0.1) * 1.5
  const [from, to] = [low - reach, high + reach]
  const at = (value: number) =>
    to === from ? 50 : 3 + (94 * (Math.min(Math.max(value, from), to) - from)) / (to - from)
  const percent = (value: number) => `${Math.round(value * 10) / 10}%`
  return (
    <svg aria-hidden="true">
      <rect y="5" width="100%" height="6" rx="3" />
      <rect
        class="range"
        x={percent(at(low))}
        y="5"
        width={percent(Math.max(at(high) - at(low), 2))}
        height="6"
        rx="3"
      />
      <circle cx={percent(at(amount))} cy="8" r="6.5" />
    </svg>
  )
}
