import { type AttributeSchema, attributesOf, categoryPath, conditionLabels, conditions } from '../shared/category.ts'
import type { SearchPage } from './page-model.ts'

/** One value that can be chosen, with the number of posts that it would leave; null where nobody counted. */
export type Choice = { value: string; label: string; count: number | null; chosen: boolean }

/** A group of the filters that come from a category's attributes. */
export type AttributeGroup =
  | { kind: 'choices'; name: string; label: string; choices: Choice[] }
  | { kind: 'range'; name: string; label: string; unit: string | undefined }

/** What the result counts by condition, best first. */
export function conditionChoices(page: SearchPage): Choice[] {
  return conditions.map(value => choiceOf(page, 'condition', value, conditionLabels[value])).filter(isWorthIt)
}

/** The categories to choose from: the way down to the one that is chosen, and what is counted beside or below it. */
export function categoryChoices(page: SearchPage): (Choice & { depth: number })[] {
  const [top] = page.category ? categoryPath(page.category) : []
  const chosen = page.category ?? ''
  const above = [{ value: '', label: 'Everything', count: null, chosen: chosen === '', depth: 0 }]
  if (top) above.push({ value: top.slug, label: top.name, count: null, chosen: chosen === top.slug, depth: 0 })
  const counted = page.result?.facets.category ?? []
  const missing = counted.some(({ value }) => value === chosen) || !chosen || chosen === top?.slug ? [] : [chosen]
  const below = [...counted.map(({ value }) => value), ...missing].map(value => ({
    ...choiceOf(page, 'category', value, categoryPath(value).at(-1)?.name ?? value),
    chosen: value === chosen,
    depth: top ? 1 : 0,
  }))
  return [...above, ...below]
}

/** The attributes of the chosen category that tell these posts apart, in the order of the category. */
export function attributeGroups(page: SearchPage): AttributeGroup[] {
  return attributesOf(page.category ?? '').flatMap((schema): AttributeGroup[] => {
    const name = `attr.${schema.key}`
    const { label } = schema
    if (schema.type === 'integer' || schema.type === 'number')
      return isSaid(page, schema.key) ? [{ kind: 'range', name, label, unit: schema.unit }] : []
    const choices = valuesOf(page, schema).map(value => choiceOf(page, name, value, valueText(page, schema, value)))
    const telling = schema.type !== 'text' || choices.some(({ chosen }) => chosen) || isShared(choices, page)
    return telling && choices.some(isWorthIt)
      ? [{ kind: 'choices', name, label, choices: choices.filter(isWorthIt) }]
      : []
  })
}

/** A value of an attribute in words; a text as these posts write it. */
export function valueText({ result }: Pick<SearchPage, 'result'>, schema: AttributeSchema, value: string): string {
  if (schema.type === 'boolean') return value === 'true' ? 'Yes' : 'No'
  if (schema.type === 'choice')
    return schema.choices.find(choice => choice.value.toLowerCase() === value)?.label ?? value
  const written = result?.items.map(({ attributes }) => String(attributes[schema.key] ?? ''))
  return written?.find(text => text.toLowerCase() === value) ?? value.charAt(0).toUpperCase() + value.slice(1)
}

/** Tells whether a text divides posts into groups: a serial number, or what each says in its own way, narrows nothing. */
function isShared(choices: readonly Choice[], { result }: SearchPage): boolean {
  const counts = choices.map(({ count }) => count ?? 0)
  return Math.max(0, ...counts) > 1 && counts.reduce((sum, count) => sum + count, 0) * 10 >= (result?.total.value ?? 0)
}

/** Numbers are not counted: a range is offered where a post in sight has such a number, or somebody asked for it. */
function isSaid({ result, filters }: SearchPage, key: string): boolean {
  const used = ['', '.min', '.max'].some(end => filters[`attr.${key}${end}`])
  return used || !result || result.items.some(({ attributes }) => attributes[key] !== undefined)
}

function valuesOf(page: SearchPage, schema: AttributeSchema): string[] {
  const name = `attr.${schema.key}`
  const counted = page.result?.facets[name]?.map(({ value }) => value) ?? []
  // A comma would make two of it.
  return [...new Set([...counted.filter(value => !value.includes(',')), ...chosenOf(page, name)])]
}

function choiceOf(page: SearchPage, name: string, value: string, label: string): Choice {
  const facet = page.result?.facets[name]
  const count = facet ? (facet.find(each => each.value === value)?.count ?? 0) : null
  return { value, label, count, chosen: chosenOf(page, name).includes(value) }
}

function chosenOf({ filters }: SearchPage, name: string): string[] {
  return filters[name]?.toLowerCase().split(',') ?? []
}

function isWorthIt({ count, chosen }: Choice): boolean {
  return chosen || count !== 0
}
