import type { Hono } from 'hono'
import { api } from '../../shared/api.ts'
import { AppError } from '../../shared/errors.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'
import { nearestPlace, suggestPlaces } from './places.ts'

/** Mounts the suggestions of places (GeoNames); names near the visitor come first. */
export function placeRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.suggestPlaces, ({ query: { q, country, limit }, visitor }) => {
    const near = pointOf(visitor)
    return { body: { items: suggestPlaces(q, { limit, ...(country && { country }), ...(near && { near }) }) } }
  })
  endpoint(app, ctx, api.nearestPlace, ({ query: { lat, lon } }) => {
    const place = nearestPlace(lat, lon)
    if (!place) throw new AppError('not_found')
    return { body: place }
  })
}

function pointOf({ lat, lon }: Visitor): { lat: number; lon: number } | undefined {
  return lat === null || lon === null ? undefined : { lat, lon }
}
