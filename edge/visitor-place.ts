import type { ShellPlace } from '../frontend/page-model.ts'
import { regionOfCountry } from '../shared/regions.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { nearestPlace } from './geo/places.ts'

/**
 * The place that pages are about: the one nearest to the visitor. Where the region of their country does not run (a local
 * stack may run only one), nothing of that country can be shown, and they stand where their own region does.
 */
export function visitorPlace({ settings }: Pick<Gateway, 'settings'>, { visitor, region }: Exchange): ShellPlace {
  const owner = regionOfCountry(visitor.country ?? '')
  const served = owner === undefined || settings.origins[owner] !== null
  return nearestPlace(served ? visitor : { country: null, lat: null, lon: null }, region)
}
