import * as z from 'zod'
import { tree } from './category-data.ts'
import { line } from './text.ts'

const described = { key: z.string().regex(/^[a-z][A-Za-z0-9]*$/), label: z.string() }
const measured = { ...described, unit: z.string().optional(), min: z.number().optional(), max: z.number().optional() }

/** One typed attribute of a category's posts; `unit` is an ISO 80000 symbol (km, m², cm) and goes after the value. */
export const AttributeSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      ...described,
      type: z.literal('text'),
      maxLength: z.number().int(),
      placeholder: z.string().optional(),
    }),
    z.strictObject({ ...measured, type: z.literal('integer'), placeholder: z.string().optional() }),
    z.strictObject({ ...measured, type: z.literal('number'), placeholder: z.string().optional() }),
    z.strictObject({ ...described, type: z.literal('boolean') }),
    z.strictObject({
      ...described,
      type: z.literal('choice'),
      choices: z.array(z.strictObject({ value: z.string(), label: z.string() })).min(1),
    }),
  ])
  .meta({ id: 'AttributeSchema' })
export type AttributeSchema = z.infer<typeof AttributeSchema>

/** A node of the tree. `attributes` holds the inherited ones too; `expiryDays` is how long a post of it stays up. */
export const Category = z
  .strictObject({
    slug: z.string(),
    name: z.string(),
    icon: z.string(),
    expiryDays: z.number().int(),
    attributes: z.array(AttributeSchema),
    get children() {
      return z.array(Category)
    },
  })
  .meta({ id: 'Category' })
export type Category = {
  slug: string
  name: string
  icon: string
  expiryDays: number
  attributes: AttributeSchema[]
  children: Category[]
}

export const CategoryList = z.object({ items: z.array(Category) }).meta({ id: 'CategoryList' })

/** A category as `category-data.ts` writes it: what is left out comes from the parent. */
export type CategoryData = Pick<Category, 'slug' | 'name'> &
  Partial<Pick<Category, 'icon' | 'expiryDays' | 'attributes'>> & { children?: CategoryData[] }

/** How worn a thing is, best first. */
export const conditions = ['new', 'like_new', 'good', 'worn', 'for_parts'] as const

export const conditionLabels: Readonly<Record<(typeof conditions)[number], string>> = {
  new: 'New',
  like_new: 'Like new',
  good: 'Good',
  worn: 'Worn',
  for_parts: 'For parts',
}

/** The top categories in the order of the site's header, each with its leaves. */
export const categories: readonly Category[] = tree.map(node => resolve(node, { expiryDays: 30, attributes: [] }))

const paths = new Map(categories.flatMap(category => pathsUnder(category, [])))

/** The categories that a post can be in: those without children, in the order of the tree. */
export const leafCategories: readonly Category[] = [...paths.values()].flatMap(path => path.slice(-1)).filter(isLeaf)

/** Gives the category of a slug, top or leaf, or undefined. */
export function findCategory(slug: string): Category | undefined {
  return paths.get(slug)?.at(-1)
}

/** Tells whether a slug is that of a category a post can be in. */
export function isLeafCategory(slug: string): boolean {
  const category = findCategory(slug)
  return category !== undefined && isLeaf(category)
}

/** Gives the way from the top category down to the slug's own; empty for an unknown slug. */
export function categoryPath(slug: string): readonly Category[] {
  return paths.get(slug) ?? []
}

/** Gives the slugs of all leaves at or under a slug: the slug itself for a leaf, none for an unknown one. */
export function leavesOf(slug: string): readonly string[] {
  const category = findCategory(slug)
  return category ? leavesUnder(category) : []
}

/** Gives the attributes of a category's posts, the inherited ones first; none for an unknown slug. */
export function attributesOf(slug: string): readonly AttributeSchema[] {
  return findCategory(slug)?.attributes ?? []
}

const schemas = new Map<string, z.ZodType<Record<string, string | number | boolean>>>()

/**
 * Gives the schema of a category's typed attribute values: each may be missing, none may be unknown, texts are kept as they are.
 * An unknown slug gives the schema of no attributes at all.
 */
export function attributesSchema(slug: string): z.ZodType<Record<string, string | number | boolean>> {
  let schema = schemas.get(slug)
  if (!schema) {
    const shape = attributesOf(slug).map(attribute => [attribute.key, valueSchema(attribute).optional()])
    schema = z.strictObject(Object.fromEntries(shape)) as unknown as NonNullable<typeof schema>
    if (paths.has(slug)) schemas.set(slug, schema)
  }
  return schema
}

function resolve(
  data: CategoryData,
  parent: Pick<Category, 'expiryDays' | 'attributes'> & { icon?: string },
): Category {
  const { slug, name, icon = parent.icon ?? 'tag', expiryDays = parent.expiryDays } = data
  const attributes = [...parent.attributes, ...(data.attributes ?? [])]
  const inherited = { icon, expiryDays, attributes }
  return { slug, name, ...inherited, children: (data.children ?? []).map(child => resolve(child, inherited)) }
}

function pathsUnder(category: Category, above: Category[]): [string, Category[]][] {
  const path = [...above, category]
  return [[category.slug, path], ...category.children.flatMap(child => pathsUnder(child, path))]
}

function isLeaf(category: Category): boolean {
  return category.children.length === 0
}

function leavesUnder(category: Category): string[] {
  return isLeaf(category) ? [category.slug] : category.children.flatMap(leavesUnder)
}

function valueSchema(attribute: AttributeSchema): z.ZodType {
  switch (attribute.type) {
    case 'text':
      return line(1, attribute.maxLength)
    case 'boolean':
      return z.boolean()
    case 'choice':
      return z.enum(attribute.choices.map(choice => choice.value))
    default: {
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = attribute
      const number = z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`)
      return attribute.type === 'integer' ? number.int('must be a whole number') : number
    }
  }
}
