import { categoryPath } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { browsePath } from '../page-model.ts'

/** The way from everything down to a category. */
export function Crumbs({ category, last = false }: { category: string; last?: boolean }) {
  const way = categoryPath(category)
  return (
    <nav class="crumbs" aria-label="Breadcrumb">
      <ol>
        <li>
          <a href={browsePath}>Everything</a>
        </li>
        {way.map(({ slug, name }, index) => (
          <li key={slug}>
            {last && index === way.length - 1 ? (
              <span aria-current="page">{name}</span>
            ) : (
              <a href={paths.category(slug)}>{name}</a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
