import { paths } from '../../shared/paths.ts'
import { countryCodes } from '../../shared/regions.ts'
import { SelectField, TextField } from '../components/Field.tsx'
import { PostForm } from '../components/Form.tsx'
import { useSite } from '../context.ts'
import { countryText } from '../format.ts'
import type { Form, RegisterPage } from '../page-model.ts'
import { withoutSecrets } from './SignIn.tsx'

const countries = countryCodes
  .map(value => ({ value, label: countryText(value) }))
  .sort((a, b) => a.label.localeCompare(b.label, 'en'))

export function Register({ form }: RegisterPage) {
  const { place } = useSite().shell
  const located: Form = { ...form, values: { country: place.country, ...form.values } }
  return (
    <>
      <h1>Make an account</h1>
      <p class="soft">To sell, and to keep what is yours together. It is free.</p>
      <PostForm
        action={paths.register()}
        form={form}
        labels={{ displayName: 'Name', email: 'E-mail', password: 'Password', country: 'Country' }}
        class="stack"
      >
        <TextField
          form={form}
          name="displayName"
          label="Name"
          help="Buyers and sellers see it."
          autocomplete="nickname"
          maxlength={60}
        />
        <TextField
          form={form}
          name="email"
          label="E-mail"
          type="email"
          autocomplete="email"
          help="We send one mail to confirm it. Nobody else sees it."
        />
        <TextField
          form={withoutSecrets(form)}
          name="password"
          label="Password"
          type="password"
          autocomplete="new-password"
          help="At least 12 characters. A few words in a row are fine."
        />
        <SelectField
          form={located}
          name="country"
          label="Country"
          options={countries}
          autocomplete="country"
          help="Your data is kept in its part of the world."
        />
        <button type="submit" class="btn sea">
          Make account
        </button>
      </PostForm>
      <p class="aside-links">
        <a href={paths.signIn()}>I have an account</a>
      </p>
    </>
  )
}
