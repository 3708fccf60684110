import type { Exchange } from './exchange.ts'

/** What handlers find in `c.env`. */
export type EdgeEnv = { Bindings: { exchange: Exchange } }
