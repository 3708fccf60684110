import { type RawBuilder, sql } from 'kysely'

/** Kilometres: the mean radius (IUGG). */
export const earthRadius = 6371.009

/** Degrees between which something lies; where it crosses the antimeridian, `west` is greater than `east`. */
type Box = { south: number; north: number; west: number; east: number }

/**
 * Posts within `radius` kilometres of a point by great circle. The box around the circle is what the index finds, and
 * what the planner can estimate: it reads the place index where few posts lie, the list's own order where many do. Only
 * the blurred point is asked (architecture, decision 11).
 * @param near "lat,lon" in degrees
 */
export function isWithin(near: string, radius: number): RawBuilder<boolean> {
  const [lat, lon] = near.split(',').map(Number) as [number, number]
  const { south, north, west, east } = boxAround(lat, lon, radius)
  const between = sql`posts.public_lon BETWEEN ${west}::float8 AND ${east}::float8`
  const across = sql`(posts.public_lon >= ${west}::float8 OR posts.public_lon <= ${east}::float8)`
  return sql`posts.public_lat BETWEEN ${south}::float8 AND ${north}::float8 AND ${west <= east ? between : across} AND ${isInCircle(lat, lon, radius)}`
}

/** Kilometres by great circle from a point to a post's blurred one, to the metre. @param near "lat,lon" in degrees */
export function distanceFrom(near: string): RawBuilder<number> {
  const [lat, lon] = near.split(',').map(Number) as [number, number]
  return sql`round((2 * ${earthRadius}::float8 * asin(least(1, sqrt(${haversine(lat, lon)}))))::numeric, 3)::float8`
}

/** Compared before root and arc are taken. */
function isInCircle(lat: number, lon: number, radius: number): RawBuilder<boolean> {
  const most = Math.sin(radius / earthRadius / 2) ** 2
  return sql`${haversine(lat, lon)} <= ${most}::float8`
}

/** The haversine of the angle between a point and a post's blurred one. */
function haversine(lat: number, lon: number): RawBuilder<number> {
  const byLat = sql`sin(radians(posts.public_lat - ${lat}::float8) / 2) ^ 2`
  const byLon = sql`sin(radians(posts.public_lon - ${lon}::float8) / 2) ^ 2`
  return sql`${byLat} + ${Math.cos(toRadians(lat))}::float8 * cos(radians(posts.public_lat)) * ${byLon}`
}

/** The smallest box of latitudes and longitudes that holds a circle; around a pole it holds all longitudes. */
export function boxAround(lat: number, lon: number, radius: number): Box {
  const angle = radius / earthRadius
  const reach = toDegrees(angle)
  const [south, north] = [lat - reach, lat + reach]
  if (south <= -90 || north >= 90)
    return { south: Math.max(south, -90), north: Math.min(north, 90), west: -180, east: 180 }
  const width = toDegrees(Math.asin(Math.sin(angle) / Math.cos(toRadians(lat))))
  return { south, north, west: wrapped(lon - width), east: wrapped(lon + width) }
}

function wrapped(lon: number): number {
  return lon < -180 ? lon + 360 : lon > 180 ? lon - 360 : lon
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180
}

function toDegrees(radians: number): number {
  return (radians * 180) / Math.PI
}
