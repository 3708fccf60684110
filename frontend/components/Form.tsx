import type { ComponentChildren } from 'preact'
import { useSite } from '../context.ts'
import type { Form } from '../page-model.ts'
import { faultText, sentence } from './Field.tsx'
import { Icon } from './Icon.tsx'

type Props = {
  action: string
  form?: Form
  labels?: Readonly<Record<string, string>>
  children: ComponentChildren
  class?: string
  id?: string
}

/** A form that posts, with what it needs to be accepted and, first of all, what is wrong with it. */
export function PostForm({ action, form, labels = {}, children, class: className, id }: Props) {
  return (
    <form method="post" action={action} class={className} id={id} novalidate>
      <Csrf />
      {form && <Problems form={form} labels={labels} />}
      {children}
    </form>
  )
}

export function Csrf() {
  const { csrf } = useSite().shell
  return csrf ? <input type="hidden" name="csrf" value={csrf} /> : null
}

export function Hidden({ values }: { values: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

const controls = new Set(['csrf', 'intent', 'formKey', 'version', 'category'])

/** What a person typed, without the fields that the form itself adds again. */
export function typedOnly(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !controls.has(name)))
}

/** What has to be mended, with a link to each field; it takes the focus when the page opens. */
function Problems({ form, labels }: { form: Form; labels: Readonly<Record<string, string>> }) {
  const errors = Object.entries(form.errors)
  if (errors.length === 0 && !form.problem) return null
  return (
    <div class="problems" role="alert" tabIndex={-1} autofocus>
      <Icon name="circle-alert" />
      <div>
        <p>{form.problem ? sentence(form.problem) : 'Some fields need another look.'}</p>
        {errors.length > 0 && (
          <ul>
            {errors.map(([name, message]) => (
              <li key={name}>
                <a href={`#f-${name}`}>{faultText(labels[name] ?? 'This', message)}</a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
