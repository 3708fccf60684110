import { categoryPath } from '../../shared/category.ts'
import { formatMoney, parseAmount } from '../../shared/money.ts'
import { useSite } from '../context.ts'
import { factsOf } from '../format.ts'
import type { SellPage } from '../page-model.ts'
import { readPostForm } from '../post-form.ts'
import { Hidden, typedOnly } from './Form.tsx'
import { Picture } from './Picture.tsx'

/** The post as others will see it, made from what was typed; nothing is stored until "Publish". */
export function SellReview({ page, category }: { page: SellPage; category: string }) {
  const { locale } = useSite().shell
  const { values } = page.form
  const facts = factsOf({ ...readPostForm({ ...values, category }, locale) } as never, locale)
  return (
    <>
      <Hidden
        values={{
          ...typedOnly(values),
          category,
          formKey: page.formKey,
          ...(page.edit ? { version: String(page.edit.version) } : {}),
        }}
      />
      <h1>This is how it will look</h1>
      <article class="box preview">
        <Picture id={page.formKey} category={category} />
        <div>
          <p class="price">
            {previewPrice(values, locale)}
            {values.priceKind === 'negotiable' && <small> negotiable</small>}
          </p>
          <h2>
            <bdi>{values.title || 'No title yet'}</bdi>
          </h2>
          <p class="soft">
            {values.placeQuery || 'No place yet'} ·{' '}
            {categoryPath(category)
              .map(({ name }) => name)
              .join(' › ')}
          </p>
          {facts.length > 0 && (
            <dl class="facts">
              {facts.map(({ label, value }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
          <p class="text" dir="auto">
            {values.description}
          </p>
        </div>
      </article>
      <div class="ends">
        <button type="submit" class="btn" name="intent" value="form">
          Change something
        </button>
        <button type="submit" class="btn" name="intent" value="draft">
          Save as draft
        </button>
        <button type="submit" class="btn sea" name="intent" value="publish">
          Publish
        </button>
      </div>
    </>
  )
}

function previewPrice(
  { priceKind, priceAmount = '', currency = '' }: Readonly<Record<string, string>>,
  locale: string,
): string {
  if (priceKind === 'free') return 'Free'
  if (priceKind === 'on_request') return 'Price on request'
  const amount = currency ? parseAmount(priceAmount, currency, locale) : undefined
  return amount === undefined ? 'No price yet' : formatMoney({ amount, currency }, locale)
}
