import { type Region, regionOfCountry, regionPlace, regions } from './regions.ts'

type Visitor = { country: string | null; lat: number | null; lon: number | null }

/**
 * Gives the region that a new account belongs to: that of the country given, else of the visitor's country, else the
 * nearest of those that run by great-circle distance, else the first of them. A country's region is its own even where
 * that does not run.
 * @param runs tells whether a region is set up at all (a local stack may run only one)
 */
export function homeRegionOf(
  country: string | undefined,
  visitor: Visitor,
  runs: (region: Region) => boolean = () => true,
): Region {
  const byCountry = regionOfCountry(country ?? '') ?? regionOfCountry(visitor.country ?? '')
  if (byCountry) return byCountry
  const running = regions.filter(runs)
  const [first = 'na'] = running
  return visitor.lat === null || visitor.lon === null ? first : nearestRegion(visitor.lat, visitor.lon, running)
}

/** Gives the region whose stack stands nearest to a point in degrees. */
export function nearestRegion(lat: number, lon: number, among: readonly Region[] = regions): Region {
  const distances = among.map(region => ({
    region,
    distance: centralAngle(lat, lon, regionPlace[region].lat, regionPlace[region].lon),
  }))
  return distances.reduce((nearest, other) => (other.distance < nearest.distance ? other : nearest)).region
}

/** Angle between two points seen from the centre of the earth, in radians (haversine). */
export function centralAngle(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const [phi1, phi2, lambda] = [lat1, lat2, lon2 - lon1].map(degrees => (degrees * Math.PI) / 180) as [
    number,
    number,
    number,
  ]
  const haversine = Math.sin((phi2 - phi1) / 2) ** 2 + Math.cos(phi1) * Math.cos(phi2) * Math.sin(lambda / 2) ** 2
  return 2 * Math.asin(Math.min(1, Math.sqrt(haversine)))
}
