import type { ComponentChild, ComponentChildren } from 'preact'
import { type Category, categories } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { Island } from '../island.tsx'
import type { SellPage } from '../page-model.ts'
import { Hidden, PostForm, typedOnly } from './Form.tsx'
import { Icon } from './Icon.tsx'

/** Where it belongs: every leaf under its parent. Links while nothing is typed, buttons of a form that keeps it after. */
export function CategoryChooser({ page, action }: { page: SellPage; action: string }) {
  const { form, edit, formKey } = page
  if (!edit && Object.keys(form.values).length === 0) {
    return (
      <>
        <h1>What are you selling?</h1>
        <p class="soft">Pick where people will look for it.</p>
        <Island name="draft-link">
          <p class="notice" hidden>
            <a href={paths.sell()}>Go on</a>
          </p>
        </Island>
        <Tree pick={link} />
      </>
    )
  }
  return (
    <>
      <h1>Choose another category</h1>
      <p class="soft">What you typed stays.</p>
      <PostForm action={action}>
        <Hidden
          values={{
            ...typedOnly(form.values),
            formKey,
            ...(edit ? { version: String(edit.version) } : {}),
            intent: 'pick',
          }}
        />
        <Tree pick={button} />
      </PostForm>
    </>
  )
}

type Pick = (category: Category, className: string, children: ComponentChildren) => ComponentChild

const link: Pick = ({ slug }, className, children) => (
  <a class={className} href={`${paths.sell()}?category=${slug}`}>
    {children}
  </a>
)

const button: Pick = ({ slug }, className, children) => (
  <button type="submit" class={className} name="category" value={slug}>
    {children}
  </button>
)

function Tree({ pick }: { pick: Pick }) {
  return (
    <div class="choose">
      {categories.map(category => {
        const label = (
          <>
            <Icon name={category.icon} />
            {category.name}
          </>
        )
        if (category.children.length === 0) return <div key={category.slug}>{pick(category, 'one', label)}</div>
        return (
          <details key={category.slug} name="kind">
            <summary>{label}</summary>
            <ul>
              {category.children.map(child => (
                <li key={child.slug}>{pick(child, 'chip', child.name)}</li>
              ))}
            </ul>
          </details>
        )
      })}
    </div>
  )
}
