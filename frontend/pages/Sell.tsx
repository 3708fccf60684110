import { paths } from '../../shared/paths.ts'
import { CategoryChooser } from '../components/CategoryChooser.tsx'
import { PostForm } from '../components/Form.tsx'
import { Icon } from '../components/Icon.tsx'
import { SellFields, sellLabels } from '../components/SellFields.tsx'
import { Steps } from '../components/Steps.tsx'
import { useSite } from '../context.ts'
import { Island } from '../island.tsx'
import type { SellPage } from '../page-model.ts'

export function Sell(page: SellPage) {
  const { viewer } = useSite().shell
  const action = page.edit
    ? paths.edit(page.edit.id)
    : `${paths.sell()}${page.category ? `?category=${page.category}` : ''}`
  if (page.step === 'category' || !page.category) {
    return (
      <>
        <Steps now={0} />
        <CategoryChooser page={page} action={page.edit ? paths.edit(page.edit.id) : paths.sell()} />
      </>
    )
  }
  const fresh = !page.edit && Object.keys(page.form.values).length === 0
  return (
    <>
      {(!page.edit || page.edit.status === 'draft') && <Steps now={1} />}
      {!viewer && <SignedOut next={`${paths.sell()}?category=${page.category}`} />}
      <Island name="draft" props={{ key: page.edit?.id ?? 'new', fresh }}>
        <PostForm action={action} form={page.form} labels={sellLabels(page.category)}>
          <SellFields page={page} category={page.category} />
        </PostForm>
      </Island>
    </>
  )
}

/** In a tab of its own, so that this one keeps what was typed with JavaScript off too. */
function SignedOut({ next }: { next: string }) {
  return (
    <p class="notice">
      <Icon name="user" />
      <span>
        <a href={paths.signIn(next)} target="_blank" rel="noopener">
          Sign in in a new tab
        </a>{' '}
        before you go on to photos. What you type here stays.
      </span>
    </p>
  )
}
