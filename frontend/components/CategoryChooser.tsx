import { type Category, categories } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { Island } from '../island.tsx'
import type { SellPage } from '../page-model.ts'
import { Hidden, PostForm } from './Form.tsx'
import { Icon } from './Icon.tsx'

/** Where it belongs: every leaf under its parent. Links while nothing is typed, buttons of a form that keeps it after. */
export function CategoryChooser({ page, action }: { page: SellPage; action: string }) {
  const { values } = page.form
  const keeps = page.edit !== null || Object.keys(values).length > 0
  const list = (
    <div class="choose">
      {categories.map(category => (
        <details key={category.slug} name="kind">
          <summary>
            <Icon name={category.icon} />
            {category.name}
          </summary>
          <ul>
            {leaves(category).map(({ slug, name }) => (
              <li key={slug}>
                {keeps ? (
                  <button type="submit" class="chip" name="category" value={slug}>
                    {name}
                  </button>
                ) : (
                  <a class="chip" href={`${paths.sell()}?category=${slug}`}>
                    {name}
                  </a>
                )}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  )
  return (
    <>
      <h1>{keeps ? 'Choose another category' : 'What are you selling?'}</h1>
      <p class="soft">Pick where people will look for it.</p>
      {!keeps && (
        <Island name="draft-link">
          <p class="notice" hidden>
            <a href={paths.sell()}>Go on</a>
          </p>
        </Island>
      )}
      {keeps ? (
        <PostForm action={action}>
          <Hidden
            values={{
              ...values,
              intent: 'pick',
              formKey: page.formKey,
              ...(page.edit ? { version: String(page.edit.version) } : {}),
            }}
          />
          {list}
        </PostForm>
      ) : (
        list
      )}
    </>
  )
}

function leaves(category: Category): readonly Category[] {
  return category.children.length ? category.children : [category]
}
