export type Point = { lat: number; lon: number }

const earthRadius = 6371.0088

/** Great-circle distance in kilometres between two points in degrees (haversine, mean earth radius of the IUGG). */
export function kilometresBetween(a: Point, b: Point): number {
  const half = (from: number, to: number) => Math.sin((radians(to) - radians(from)) / 2) ** 2
  const h = half(a.lat, b.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(a.lon, b.lon)
  return 2 * earthRadius * Math.asin(Math.sqrt(Math.min(1, h)))
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}
