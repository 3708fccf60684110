import * as z from 'zod'
import { type ImageProblem, Variant, VariantStep, variantFormats } from '../../shared/media.ts'

const Bytes = z.custom<Uint8Array>(value => value instanceof Uint8Array)

/** All that is made of a photo; nothing in it but what the picture shows. */
export const EncodedPhoto = z.object({
  /** Of the largest variant, in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** By step, the smallest first. */
  variants: z.array(Variant).min(1),
  /** What is served: each variant in each format. */
  files: z.array(z.object({ step: VariantStep, format: z.enum(variantFormats), bytes: Bytes })).min(1),
  /** The dominant colour. */
  color: z.string().regex(/^#[0-9a-f]{6}$/),
  thumbhash: Bytes,
  /** See `perceptualHash`. */
  hash: z.bigint().min(0n).max(0xffff_ffff_ffff_ffffn).nullable(),
})
export type EncodedPhoto = z.infer<typeof EncodedPhoto>

/** A photo that nothing can be made of, for a reason that its sender can be told; the message is for the log. */
export class PhotoProblem extends Error {
  readonly problem: ImageProblem
  constructor(problem: ImageProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}
