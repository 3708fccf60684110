import { describe, expect, it } from 'vitest'
import { PostInput } from '../shared/post.ts'
import { ownOf } from './fixtures.ts'
import { formErrors } from './page-model.ts'
import { postFormValues, readLocation, readPostForm } from './post-form.ts'

const typed = {
  title: 'Steel bike',
  description: 'One\r\ntwo',
  category: 'bicycles',
  priceKind: 'negotiable',
  priceAmount: '1,250.50',
  currency: 'USD',
  condition: 'good',
  'attr.brand': ' Surly ',
  'attr.frameSize': '56,5',
  'attr.gears': '27',
  'attr.type': '',
  'attr.unknown': 'x',
  placeQuery: 'Brooklyn, NY',
  placeLabel: 'Brooklyn, NY',
  city: 'Brooklyn',
  country: 'US',
  subdivision: 'US-NY',
  lat: '40.65',
  lon: '-73.95',
}

describe('readPostForm', () => {
  it('gives what the contract accepts', () => {
    const body = readPostForm(typed)
    expect(PostInput.parse(body)).toMatchObject({
      description: 'One\ntwo',
      price: { amount: 125_050, currency: 'USD' },
      attributes: { brand: 'Surly', frameSize: 56.5, gears: 27 },
      location: { city: 'Brooklyn', subdivision: 'US-NY', lat: 40.65 },
    })
  })

  it('leaves what it cannot read for the contract to name', () => {
    const result = PostInput.safeParse(readPostForm({ ...typed, priceAmount: '38o', currency: 'XXX' }))
    expect(result.error?.issues.map(issue => issue.path.join('.'))).toEqual(['price.amount', 'price.currency'])
    expect(readPostForm({ ...typed, 'attr.gears': 'many' })).toMatchObject({ attributes: { gears: 'many' } })
  })

  it('drops the amount of a post that has no price', () => {
    expect(readPostForm({ ...typed, priceKind: 'free' })).toMatchObject({ price: null })
  })

  it('reads thousands and decimals as people write them', () => {
    const odometer = (text: string) =>
      (readPostForm({ category: 'cars', 'attr.odometer': text }).attributes as Record<string, unknown>).odometer
    expect(['120000', '120,000', '120.000', '120 000', '12,5', '1.234,5'].map(odometer)).toEqual([
      120_000, 120_000, 120_000, 120_000, 12.5, 1234.5,
    ])
  })

  it('tells yes, no and not said apart', () => {
    const read = (text: string) => readPostForm({ category: 'rooms', 'attr.furnished': text }).attributes
    expect([read('yes'), read('no'), read('')]).toEqual([{ furnished: true }, { furnished: false }, {}])
  })
})

describe('readLocation', () => {
  const choice = 'US|US-IL|Springfield|39.8|-89.6'

  it('believes the coordinates only for the city that they came with', () => {
    expect(readLocation(typed)).toMatchObject({ city: 'Brooklyn' })
    expect(readLocation({ ...typed, placeQuery: 'Springfield' })).toBeUndefined()
  })

  it('takes the choice among several for as long as its name stands', () => {
    const chosen = { placeQuery: 'Springfield', placeLabel: 'Springfield', placeChoice: choice }
    expect(readLocation(chosen)).toEqual({
      country: 'US',
      subdivision: 'US-IL',
      city: 'Springfield',
      lat: 39.8,
      lon: -89.6,
    })
    expect(readLocation({ ...chosen, placeQuery: 'Berlin' })).toBeUndefined()
  })

  it('prefers a suggestion that was taken after', () => {
    expect(readLocation({ ...typed, placeChoice: choice })).toMatchObject({ city: 'Brooklyn' })
  })
})

describe('postFormValues', () => {
  it('fills the form so that saving it unchanged changes nothing', () => {
    const post = ownOf(0, 'active', { attributes: { brand: 'Surly', gears: 27 } })
    const body = readPostForm(postFormValues(post, 'Brooklyn, NY'))
    const { title, description, category, price, priceKind, condition, attributes, location } = post
    expect(body).toEqual({ title, description, category, price, priceKind, condition, attributes, location })
  })
})

describe('formErrors', () => {
  it('maps contract paths to field names, the first message of each', () => {
    const errors = ['price.amount', 'price', 'attributes.gears', 'location.city', 'title'].map(field => ({
      field,
      message: `bad ${field}`,
    }))
    expect(formErrors(errors)).toEqual({
      priceAmount: 'bad price.amount',
      'attr.gears': 'bad attributes.gears',
      placeQuery: 'bad location.city',
      title: 'bad title',
    })
  })
})
