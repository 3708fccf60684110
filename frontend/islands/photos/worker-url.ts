import { trustedTypesPolicy } from '../../../shared/trusted-types.ts'
import url from './shrink-worker.ts?worker&url'

type Policy = { createScriptURL: (url: string) => string }
type Factory = { createPolicy: (name: string, rules: Policy) => Policy }

let policy: Policy | undefined

/**
 * Starts our worker. Where Trusted Types are enforced (W3C Trusted Types §2.2), a script's address must have passed the
 * policy, and this one lets nothing pass but that worker's.
 */
export function startWorker(): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: Factory }
  policy ??= trustedTypes?.createPolicy(trustedTypesPolicy, { createScriptURL: onlyOurs })
  return new Worker(policy?.createScriptURL(url) ?? url, { type: 'module' })
}

function onlyOurs(asked: string): string {
  if (asked !== url) throw new TypeError(`Cannot trust "${asked}": must be our worker`)
  return asked
}
