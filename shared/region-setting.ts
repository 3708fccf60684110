import * as z from 'zod'
import { regions } from './regions.ts'

/** A setting with a value for each region that has one, written as JSON: `{"na": …, "eu": …}`. */
export function regionSetting<S extends z.ZodType>(value: S) {
  return z
    .string()
    .transform((text, ctx) => parseJson(text, ctx))
    .pipe(z.partialRecord(z.enum(regions), value))
}

function parseJson(text: string, ctx: z.core.$RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    ctx.addIssue({ code: 'custom', message: 'must be a JSON object with regions as names' })
    return z.NEVER
  }
}
