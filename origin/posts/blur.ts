import { createHmac } from 'node:crypto'

export type Point = { lat: number; lon: number }

/** Degrees of latitude of one cell: about 100 m. */
const cellSize = 0.0009
/** How far the public point lies from the middle of the cell, in metres. */
const nearest = 700
const farthest = 1_300
const earthRadius = 6_371_009

/**
 * Gives the point that the public may know in place of the exact one (architecture, decision 11): about 1 km away, the
 * same for all that one account posts from one cell of about 100 m, and telling nothing of any other cell. The exact
 * point counts only through its cell, so many posts of one home average to nothing better.
 * @param key the region's key for this purpose
 */
export function blurPoint(key: Buffer, accountId: string, exact: Point): Point {
  const { name, middle } = cellOf(exact)
  const mac = createHmac('sha256', key).update(`${accountId} ${name}`).digest()
  const bearing = fraction(mac, 0) * 2 * Math.PI
  // Even over the area of the ring, not over its radius.
  const distance = Math.sqrt(nearest ** 2 + fraction(mac, 6) * (farthest ** 2 - nearest ** 2))
  return displace(middle, bearing, distance)
}

/** A cell's name and middle; cells of all latitudes are about as wide as they are high. */
function cellOf({ lat, lon }: Point): { name: string; middle: Point } {
  const row = Math.floor(lat / cellSize)
  const middleLat = (row + 0.5) * cellSize
  const width = cellSize / Math.max(Math.cos(toRadians(middleLat)), 0.001)
  const column = Math.floor(lon / width)
  return { name: `${row}/${column}`, middle: { lat: middleLat, lon: (column + 0.5) * width } }
}

/** Goes `distance` metres from a point along a great circle. */
function displace({ lat, lon }: Point, bearing: number, distance: number): Point {
  const angle = distance / earthRadius
  const phi = toRadians(lat)
  const sinPhi = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing)
  const turn = Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(phi), Math.cos(angle) - Math.sin(phi) * sinPhi)
  const east = toDegrees(turn) + lon
  return { lat: round(toDegrees(Math.asin(sinPhi))), lon: round(((east + 540) % 360) - 180) }
}

function fraction(bytes: Buffer, offset: number): number {
  return bytes.readUIntBE(offset, 6) / 2 ** 48
}

function toRadians(degrees: number): number {
  return (degrees * Math.PI) / 180
}

function toDegrees(radians: number): number {
  return (radians * 180) / Math.PI
}

/** Five decimals are a metre. */
function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5
}
