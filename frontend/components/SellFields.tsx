import { type AttributeSchema, attributesOf, categoryPath, conditionLabels, conditions } from '../../shared/category.ts'
import { currencies } from '../../shared/money.ts'
import { priceKinds } from '../../shared/post.ts'
import { useSite } from '../context.ts'
import { countryText, placeText, priceKindLabels } from '../format.ts'
import { Island } from '../island.tsx'
import type { Form, SellPage } from '../page-model.ts'
import { CityField } from './CityField.tsx'
import { faultText, Segments, SelectField, TextArea, TextField } from './Field.tsx'
import { Hidden } from './Form.tsx'

/** Top categories whose posts are no things, and so have no condition. */
const withoutCondition = new Set(['housing', 'jobs', 'services', 'community', 'tickets'])

export function sellLabels(category: string): Record<string, string> {
  const attributes = attributesOf(category).map(({ key, label }) => [`attr.${key}`, label])
  return {
    title: 'Title',
    description: 'Description',
    condition: 'Condition',
    priceKind: 'Price',
    priceAmount: 'Amount',
    currency: 'Currency',
    placeQuery: 'City',
    ...Object.fromEntries(attributes),
  }
}

export function SellFields({ page, category }: { page: SellPage; category: string }) {
  const { form, edit } = page
  const way = categoryPath(category)
  return (
    <>
      <Hidden values={{ category, formKey: page.formKey, ...(edit ? { version: String(edit.version) } : {}) }} />
      {/* What the Enter key presses, instead of the first button in sight. */}
      <button
        type="submit"
        class="sr"
        name="intent"
        value={edit ? 'save' : 'photos'}
        tabIndex={-1}
        aria-hidden="true"
      />
      <h1>{edit ? 'Edit your post' : 'What are you selling?'}</h1>
      <p class="cat">
        <span class="chip on">{way.map(({ name }) => name).join(' › ')}</span>
        <button type="submit" class="chip" name="intent" value="category">
          Choose another…
        </button>
      </p>
      <Island name="counter" props={{ max: 120 }}>
        <TextField
          form={form}
          name="title"
          label="Title"
          help="Make and model first helps people find it."
          autocomplete="off"
        />
      </Island>
      {!withoutCondition.has(way[0]?.slug ?? '') && (
        <Segments
          form={form}
          name="condition"
          label="Condition"
          options={conditions.map(value => ({ value, label: conditionLabels[value] }))}
        />
      )}
      {attributesOf(category).length > 0 && (
        <fieldset class="field">
          <legend>
            Details <small>Say what you know; all of it is optional.</small>
          </legend>
          <div class="attrs">
            {attributesOf(category).map(schema => (
              <Attribute key={schema.key} form={form} schema={schema} />
            ))}
          </div>
        </fieldset>
      )}
      <TextArea
        form={form}
        name="description"
        label="Description"
        help="What a buyer would ask: age, faults, what comes with it."
      />
      <h2>Price and place</h2>
      <Price form={form} />
      <Where page={page} />
      <Buttons page={page} />
    </>
  )
}

function Attribute({ form, schema }: { form: Form; schema: AttributeSchema }) {
  const name = `attr.${schema.key}`
  if (schema.type === 'boolean') {
    const options = [
      { value: '', label: 'Not said' },
      { value: 'yes', label: 'Yes' },
      { value: 'no', label: 'No' },
    ]
    return <SelectField form={form} name={name} label={schema.label} options={options} />
  }
  if (schema.type === 'choice') {
    return (
      <SelectField
        form={form}
        name={name}
        label={schema.label}
        options={[{ value: '', label: 'Not said' }, ...schema.choices]}
      />
    )
  }
  if (schema.type === 'text') {
    return (
      <TextField
        form={form}
        name={name}
        label={schema.label}
        placeholder={schema.placeholder}
        maxlength={schema.maxLength}
      />
    )
  }
  const inputmode = schema.type === 'integer' ? 'numeric' : 'decimal'
  return <TextField form={form} name={name} label={schema.label} unit={schema.unit} inputmode={inputmode} />
}

function Price({ form }: { form: Form }) {
  const { currency } = useSite().shell
  const priced: Form = form.values.currency ? form : { ...form, values: { ...form.values, currency } }
  return (
    <div class="priced">
      <Segments
        form={form}
        name="priceKind"
        label="Price"
        fallback="fixed"
        options={priceKinds.map(value => ({ value, label: priceKindLabels[value] }))}
      />
      <div class="pair amount">
        <TextField form={form} name="priceAmount" label="Amount" inputmode="decimal" autocomplete="off" />
        <SelectField
          form={priced}
          name="currency"
          label="Currency"
          options={currencies.map(value => ({ value, label: value }))}
        />
      </div>
    </div>
  )
}

function Where({ page: { form, placeOptions } }: { page: SellPage }) {
  const { place } = useSite().shell
  const { values, errors } = form
  const typed = values.placeQuery !== undefined
  const settled = !typed || values.placeQuery === values.placeLabel
  const {
    city = '',
    country = '',
    subdivision = '',
    lat = '',
    lon = '',
  }: Record<string, string> = typed
    ? values
    : { ...place, subdivision: place.subdivision ?? '', lat: String(place.lat), lon: String(place.lon) }
  return (
    <>
      <CityField
        id="f-placeQuery"
        label="City"
        kind="location"
        text={values.placeQuery ?? placeText(place)}
        known={settled && lat ? { city, country, subdivision, lat, lon } : {}}
        help="Others see a spot of about 1 km, never your address."
        error={errors.placeQuery && faultText('City', errors.placeQuery)}
      />
      {placeOptions.length > 0 && (
        <fieldset class="field picks">
          <legend>Which one?</legend>
          {placeOptions.map((option, index) => (
            <label key={`${option.lat},${option.lon}`}>
              <input
                type="radio"
                name="placeChoice"
                value={[option.country, option.subdivision ?? '', option.city, option.lat, option.lon].join('|')}
                checked={index === 0}
              />
              {placeText(option)}, {countryText(option.country)}
            </label>
          ))}
        </fieldset>
      )}
    </>
  )
}

function Buttons({ page: { edit } }: { page: SellPage }) {
  const unpublished = edit?.status === 'draft' || edit?.status === 'withdrawn'
  return (
    <div class="ends">
      <p class="soft" data-saved role="status" />
      {edit ? (
        <>
          <button type="submit" class="btn" name="intent" value="photos">
            Save, then photos
          </button>
          {unpublished && (
            <button type="submit" class="btn" name="intent" value="publish">
              Save and publish
            </button>
          )}
          <button type="submit" class="btn sea" name="intent" value="save">
            Save changes
          </button>
        </>
      ) : (
        <>
          <button type="submit" class="btn" name="intent" value="draft">
            Save as draft
          </button>
          <button type="submit" class="btn" name="intent" value="publish">
            Publish without photos
          </button>
          <button type="submit" class="btn sea" name="intent" value="photos">
            Next: photos
          </button>
        </>
      )}
    </div>
  )
}
