import type { ComponentChildren } from 'preact'
import type { Form } from '../page-model.ts'

type AutoFill = 'email' | 'username' | 'current-password' | 'new-password' | 'name' | 'nickname' | 'country' | 'off'

type Common = { form: Form; name: string; label: string; help?: string | undefined }

type TextProps = Common & {
  type?: 'text' | 'email' | 'password' | 'number'
  autocomplete?: AutoFill
  inputmode?: 'text' | 'decimal' | 'numeric' | 'email'
  unit?: string | undefined
  maxlength?: number
  placeholder?: string | undefined
  required?: boolean
  /** The name it is sent under, where two fields of one page share it. */
  sent?: string
}

/** A one-line field: label above, help below, the error in place of the help. */
export function TextField({ form, name, label, help, unit, sent, type = 'text', ...rest }: TextProps) {
  return (
    <Row form={form} name={name} label={label} help={help}>
      <span class={unit ? 'unit' : undefined}>
        <input
          {...control(form, name, help)}
          {...rest}
          name={sent ?? name}
          type={type as 'text'}
          value={form.values[name] ?? ''}
        />
        {unit && <span aria-hidden="true">{unit}</span>}
      </span>
    </Row>
  )
}

export function TextArea({
  form,
  name,
  label,
  help,
  rows = 7,
  ...rest
}: Common & { rows?: number; maxlength?: number }) {
  return (
    <Row form={form} name={name} label={label} help={help}>
      {/* The first line break of a textarea is dropped by the parser (HTML §13.1.2.5): give it one of its own. */}
      <textarea {...control(form, name, help)} {...rest} rows={rows}>{`\n${form.values[name] ?? ''}`}</textarea>
    </Row>
  )
}

type Option = { value: string; label: string }

export function SelectField({
  form,
  name,
  label,
  help,
  options,
  autocomplete,
}: Common & { options: readonly Option[]; autocomplete?: AutoFill }) {
  const chosen = form.values[name] ?? ''
  return (
    <Row form={form} name={name} label={label} help={help}>
      <select {...control(form, name, help)} autocomplete={autocomplete}>
        {options.map(({ value, label: text }) => (
          <option key={value} value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </Row>
  )
}

/** One of a few, side by side in a band. */
export function Segments({
  form,
  name,
  label,
  options,
  fallback = '',
  help,
}: Common & { options: readonly Option[]; fallback?: string }) {
  const chosen = form.values[name] ?? fallback
  const error = form.errors[name]
  return (
    <fieldset class="field" id={`f-${name}`} aria-describedby={error || help ? `h-${name}` : undefined}>
      <legend>{label}</legend>
      <div class="seg">
        {options.map(({ value, label: text }) => (
          <label key={value}>
            <input type="radio" name={name} value={value} checked={value === chosen} />
            <span>{text}</span>
          </label>
        ))}
      </div>
      <Help name={name} help={help} error={error && faultText(label, error)} />
    </fieldset>
  )
}

function Row({ form, name, label, help, children }: Common & { children: ComponentChildren }) {
  const error = form.errors[name]
  return (
    <div class={error ? 'field bad' : 'field'}>
      <label for={`f-${name}`}>{label}</label>
      {children}
      <Help name={name} help={help} error={error && faultText(label, error)} />
    </div>
  )
}

function Help({ name, help, error }: { name: string; help: string | undefined; error: string | undefined }) {
  if (!error && !help) return null
  return (
    <p class={error ? 'help err' : 'help'} id={`h-${name}`}>
      {error ?? help}
    </p>
  )
}

function control(form: Form, name: string, help: string | undefined) {
  const error = form.errors[name]
  return {
    id: `f-${name}`,
    name,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': error || help ? `h-${name}` : undefined,
  }
}

/** "must not be empty" → "Title must not be empty." The contracts' messages are phrases; people get sentences. */
export function faultText(label: string, message: string): string {
  return sentence(/^(must|is|are|has|have|needs|was|may|does|lies)\b/.test(message) ? `${label} ${message}` : message)
}

export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`
}
