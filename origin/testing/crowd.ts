import { type Kysely, sql } from 'kysely'
import type { Region } from '../../shared/regions.ts'
import type { Database } from '../db/schema.ts'

/**
 * Fills a table of posts for tests of plans and for benchmarks, part by part, and lets Postgres learn of it: a few
 * large categories and countries and many small ones, places in clusters, prices from a few coins up, one in five
 * expired.
 */
export async function insertCrowd(
  db: Kysely<Database>,
  region: Region,
  accountId: string,
  count: number,
  now: Date,
): Promise<void> {
  for (let first = 1; first <= count; first += 20_000) {
    await insertPart(db, region, accountId, first, Math.min(first + 19_999, count), now)
  }
  await sql`ANALYZE posts`.execute(db)
}

async function insertPart(
  db: Kysely<Database>,
  region: Region,
  accountId: string,
  first: number,
  last: number,
  now: Date,
): Promise<void> {
  // The squares of even chances: the first of a list gets the most.
  await sql`
    INSERT INTO posts (id, account_id, title, description, category, top_category, price_amount, price_currency, price_kind,
      attributes, country, subdivision, city, lat, lon, public_lat, public_lon, status, created_at, updated_at, published_at,
      bumped_at, expires_at)
    SELECT ${`${region}_`}::text || '01' || lpad(to_hex(i), 24, '0'), ${accountId}, 'Thing ' || i, repeat('Good as new. ', 10),
      leaf[1], leaf[2], CASE WHEN i % 10 < 9 THEN 100 + (random() * 1e6)::bigint END, CASE WHEN i % 10 < 9 THEN place[2] END,
      CASE WHEN i % 10 < 9 THEN 'fixed' ELSE 'free' END, '{}', place[1], place[3], 'Town', lat, lon, lat, lon,
      CASE WHEN i % 12 = 0 THEN 'reserved' ELSE 'active' END, at, at, at, at, at + interval '30 days'
    FROM (
      SELECT i, ${now}::timestamptz - random() * interval '37 days' AS at,
        string_to_array((string_to_array(${leaves}, ' '))[1 + floor(power(random(), 2) * 12)], '/') AS leaf,
        string_to_array((string_to_array(${places}, ' '))[1 + floor(power(random(), 2) * 8)], '/') AS place
      FROM generate_series(${first}::int, ${last}::int) AS i
    ) AS rolled,
    LATERAL (SELECT place[4]::float8 + (random() - 0.5) * 4 AS lat, place[5]::float8 + (random() - 0.5) * 4 AS lon) AS point`.execute(
    db,
  )
}

const leaves =
  'bicycles/bikes sofas/furniture cars/vehicles smartphones/phones tables/furniture kids-bikes/bikes ' +
  'laptops/electronics audio/electronics motorcycles/vehicles chairs/furniture guitars/music lamps/home'
const places =
  'US/USD/US-NY/41/-74 US/USD/US-CA/34/-118 BR/BRL/BR-SP/-23/-46 CA/CAD/CA-ON/44/-79 US/USD/US-TX/30/-96 ' +
  'MX/MXN/MX-CMX/19/-99 AR/ARS/AR-C/-34/-58 BR/BRL/BR-RJ/-22/-43'
