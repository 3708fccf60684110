import { readFileSync, renameSync, writeFileSync } from 'node:fs'
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
import type { Variant, VariantFormat } from '../../shared/media.ts'
import { catalogue } from './demo/catalogue.ts'
import { type Drawing, drawingsFor, drawingsOf } from './demo/drawings/drawings.ts'

/*
 * `node infra/local/draw-demo.ts --data DIR` gives the demo posts of a running stack their pictures: each drawing is encoded once
 * and kept in the bucket of every region, where all posts that show it share it. What is there already is not made again,
 * so an interrupted run goes on where it was. Prints "N of M" as it gets on.
 */

/** What a post's row says of a drawing that is in the bucket. */
type Facts = { variants: Variant[]; width: number; height: number; color: string; thumbhash: string }
type Done = Record<string, Facts>
/** A drawing of which one region lacks the files is made again: its facts are kept by region. */
type Memory = Record<string, Done>

const contentTypes: Record<VariantFormat, string> = { webp: 'image/webp', jpg: 'image/jpeg' }

await runCommand(async () => {
  // Whoever has just started the site wants to look at it: it goes first.
  setPriority(19)
  const argv = process.argv.slice(2)
  const { values } = parseArgs({ args: argv, options: stackOptions, strict: false })
  const file = path.join(String(values.data ?? '.data'), 'drawings.json')
  const contexts = await Promise.all(stackRegions(argv).map(region => stackContext(argv, region)))
  try {
    await drawAll(contexts, file)
  } finally {
    await Promise.all(contexts.map(ctx => ctx.db.destroy()))
  }
})

async function drawAll(contexts: readonly Context[], file: string): Promise<void> {
  const memory = readMemory(file)
  const categories = Object.keys(catalogue)
  const all = categories.reduce((count, category) => count + drawingsOf(category).length, 0)
  let made = 0
  for (const category of categories) {
    for (const drawing of drawingsOf(category)) {
      const lacking = contexts.filter(({ region }) => memory[region]?.[drawing.name] === undefined)
      if (lacking.length > 0) {
        const facts = await encodeInto(lacking, drawing)
        for (const { region } of lacking) memory[region] = { ...memory[region], [drawing.name]: facts }
        writeMemory(file, memory)
      }
      made += 1
      if (made % 25 === 0 || made === all) console.log(`demo pictures: ${made} of ${all}`)
    }
    for (const ctx of contexts) await showDrawings(ctx, category, memory[ctx.region] ?? {})
  }
}

async function encodeInto(contexts: readonly Context[], { name, svg }: Drawing): Promise<Facts> {
  const { default: sharp } = await import('sharp')
  sharp.concurrency(1)
  const { variants, width, height, color, thumbhash, files } = await encodePhoto(
    await sharp(Buffer.from(svg)).png().toBuffer(),
  )
  for (const { objects } of contexts) {
    for (const { step, format, bytes } of files) {
      await objects.put(variantKey(folderOf(name), step, format), bytes, { contentType: contentTypes[format] })
    }
  }
  return { variants, width, height, color, thumbhash: Buffer.from(thumbhash).toString('base64') }
}

/** Gives the demo posts of a category that have no photo theirs. */
async function showDrawings(ctx: Context, category: string, done: Done): Promise<void> {
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

function readMemory(file: string): Memory {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Memory
  } catch {
    return {}
  }
}

function writeMemory(file: string, memory: Memory): void {
  writeFileSync(`${file}.new`, JSON.stringify(memory))
  renameSync(`${file}.new`, file)
}
