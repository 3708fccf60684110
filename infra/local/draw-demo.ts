import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { runCommand, stackContext, stackOptions, stackRegions } from '../../origin/cli/stack.ts'
import type { Context } from '../../origin/context.ts'
import { encodePhoto } from '../../origin/media/encoding.ts'
import { variantKey } from '../../origin/media/keys.ts'
import { transactAndPurge } from '../../origin/purge-log.ts'
import { cacheTags } from '../../shared/cache-tags.ts'
import { categoryPath } from '../../shared/category.ts'
import { createId } from '../../shared/ids.ts'
import { type Variant, type VariantFormat, type VariantStep, variantFormats } from '../../shared/media.ts'
import type { Region } from '../../shared/regions.ts'
import { catalogue } from './demo/catalogue.ts'
import { type Drawing, drawingsFor, drawingsOf } from './demo/drawings/drawings.ts'

/*
 * `node infra/local/draw-demo.ts --data DIR` gives the demo posts of a running stack their pictures: each drawing is encoded once
 * and kept in the bucket of every region, where all posts that show it share it. What is there already is not made again,
 * so an interrupted run goes on where it was. Prints "N of M" as it gets on.
 */

/** What a post's row says of a drawing that is in the bucket. */
type Facts = { variants: Variant[]; width: number; height: number; color: string; thumbhash: string }
/** What was made of a drawing, for every region. */
type Encoded = { facts: Facts; files: { step: VariantStep; format: VariantFormat; read: () => Uint8Array }[] }
/** Names of drawings that are in a region's bucket. */
type Memory = Partial<Record<Region, string[]>>

const contentTypes: Record<VariantFormat, string> = { webp: 'image/webp', jpg: 'image/jpeg' }

await runCommand(async () => {
  // Whoever has just started the site wants to look at it: it goes first.
  setPriority(19)
  const argv = process.argv.slice(2)
  const { values } = parseArgs({ args: argv, options: stackOptions, strict: false })
  const folder = path.join(String(values.data ?? '.data'), 'drawings')
  mkdirSync(folder, { recursive: true })
  // One region after the other: each bucket takes its own region's key alone, and a process has one key at a time.
  for (const region of stackRegions(argv)) {
    const ctx = await stackContext(argv, region)
    try {
      await drawRegion(ctx, folder)
    } finally {
      await ctx.db.destroy()
    }
  }
})

async function drawRegion(ctx: Context, folder: string): Promise<void> {
  const memory = readMemory(folder)
  const stored = new Set(memory[ctx.region])
  const all = Object.keys(catalogue).flatMap(drawingsOf)
  let made = 0
  for (const category of Object.keys(catalogue)) {
    const facts: Record<string, Facts> = {}
    for (const drawing of drawingsOf(category)) {
      const encoded = await encode(folder, drawing)
      facts[drawing.name] = encoded.facts
      made += 1
      if (stored.has(drawing.name)) continue
      for (const { step, format, read } of encoded.files) {
        const key = variantKey(folderOf(drawing.name), step, format)
        await ctx.objects.put(key, read(), { contentType: contentTypes[format] })
      }
      stored.add(drawing.name)
      writeMemory(folder, { ...memory, [ctx.region]: [...stored] })
      if (made % 49 === 0) console.log(`demo pictures of ${ctx.region}: ${made} of ${all.length}`)
    }
    await showDrawings(ctx, category, facts)
  }
}

/** Encodes a drawing, once: what was made is kept in the data folder. */
async function encode(folder: string, { name, svg }: Drawing): Promise<Encoded> {
  const kept = path.join(folder, `${name}.json`)
  const place = ({ step, format }: { step: VariantStep; format: VariantFormat }) =>
    path.join(folder, `${name}-${step}.${format}`)
  const facts = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Facts) : await make()
  const files = facts.variants.flatMap(({ step }) =>
    variantFormats.map(format => ({ step, format, read: () => readFileSync(place({ step, format })) })),
  )
  return { facts, files }

  async function make(): Promise<Facts> {
    const { default: sharp } = await import('sharp')
    sharp.concurrency(1)
    const photo = await encodePhoto(await sharp(Buffer.from(svg)).png().toBuffer())
    const { variants, width, height, color } = photo
    for (const file of photo.files) writeFileSync(place(file), file.bytes)
    const made = { variants, width, height, color, thumbhash: Buffer.from(photo.thumbhash).toString('base64') }
    // Last: who finds this finds the rest.
    writeFileSync(kept, JSON.stringify(made))
    return made
  }
}

/** Gives the demo posts of a category that have no photo theirs. */
async function showDrawings(ctx: Context, category: string, done: Readonly<Record<string, Facts>>): Promise<void> {
  const posts = await ctx.db
    .selectFrom('posts')
    .select(['id', 'version', 'account_id', 'external_id', 'created_at'])
    .where('external_id', 'like', 'demo-%')
    .where('top_category', '=', categoryPath(category)[0]?.slug ?? category)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('images').select('images.id').whereRef('images.post_id', '=', 'posts.id'))),
    )
    .execute()
  if (posts.length === 0) return
  await transactAndPurge(ctx, async (trx, purge) => {
    const rows = posts.flatMap(post =>
      drawingsFor(category, post.external_id ?? post.id).flatMap(({ name, alt }, position) => {
        const facts = done[name]
        if (!facts) return []
        return {
          id: createId(ctx.region, post.created_at.getTime()),
          post_id: post.id,
          account_id: post.account_id,
          position,
          state: 'ready' as const,
          problem: null,
          file_name: `${name}.svg`,
          content_type: 'image/svg+xml',
          bytes: 0,
          alt,
          folder: folderOf(name),
          ...facts,
          variants: JSON.stringify(facts.variants),
          thumbhash: Buffer.from(facts.thumbhash, 'base64'),
          created_at: post.created_at,
          completed_at: post.created_at,
          settled_at: post.created_at,
        }
      }),
    )
    for (let from = 0; from < rows.length; from += 500) {
      await trx
        .insertInto('images')
        .values(rows.slice(from, from + 500))
        .execute()
    }
    const [first] = posts
    const tags = [cacheTags.lists(ctx.region), ...posts.map(({ id }) => cacheTags.post(id))]
    if (first) purge(first, { tags })
  })
}

function folderOf(drawing: string): string {
  return `demo/${drawing}`
}

function readMemory(folder: string): Memory {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'stored.json'), 'utf8')) as Memory
  } catch {
    return {}
  }
}

function writeMemory(folder: string, memory: Memory): void {
  const file = path.join(folder, 'stored.json')
  writeFileSync(`${file}.new`, JSON.stringify(memory))
  renameSync(`${file}.new`, file)
}
