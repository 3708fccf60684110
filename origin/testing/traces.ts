import { sql } from 'kysely'
import type { TestOrigin } from './harness.ts'
import { unzip } from './unzip.ts'

/**
 * Looks for texts in all that a region keeps: every column of every table as Postgres writes it out, the name and the bytes of
 * every object (the files of a ZIP by themselves), every key of Redis. It shares nothing with the product's own check but the question.
 * @returns `place: text` for each that was found, such as `mails.data: Dutch city bike`
 */
export async function tracesIn(origin: TestOrigin, texts: readonly string[]): Promise<string[]> {
  const kept = [...(await rowsOf(origin)), ...(await objectsOf(origin)), ...(await redisOf(origin))]
  const found = kept.flatMap(({ place, text }) =>
    texts.filter(one => text.includes(one)).map(one => `${place}: ${one}`),
  )
  return [...new Set(found)].sort()
}

type Kept = { place: string; text: string }

async function rowsOf({ ctx: { db } }: TestOrigin): Promise<Kept[]> {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class
    WHERE relkind IN ('r', 'p', 'm') AND relnamespace = 'public'::regnamespace`.execute(db)
  const kept: Kept[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      SELECT to_jsonb(t) AS row FROM ${sql.table(name)} t`.execute(db)
    for (const { row } of rows)
      for (const [column, value] of Object.entries(row))
        kept.push({ place: `${name}.${column}`, text: typeof value === 'string' ? value : JSON.stringify(value) })
  }
  return kept
}

async function objectsOf({ ctx: { objects } }: TestOrigin): Promise<Kept[]> {
  const kept: Kept[] = []
  for (const key of await objects.list('')) {
    const object = await objects.get(key)
    const bytes = Buffer.from(await new Response(object?.body).arrayBuffer())
    const files = object?.contentType === 'application/zip' ? unzip(bytes) : { '': bytes.toString() }
    kept.push({ place: `bucket`, text: key })
    for (const [name, text] of Object.entries(files)) kept.push({ place: `bucket ${name}`, text })
  }
  return kept
}

async function redisOf({ redis }: TestOrigin): Promise<Kept[]> {
  return (await redis.dump()).map(({ key, text }) => ({ place: `redis ${key.split(':')[0]}`, text: `${key} ${text}` }))
}
