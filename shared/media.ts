import * as z from 'zod'
import { maxImagesPerPost } from './media-limits.ts'
import { line, steadyLine } from './text.ts'

export { maxImagesPerPost, maxUploadBytes, uploadTypes, type VariantFormat, variantFormats } from './media-limits.ts'

/** The widths in pixels that a photo is encoded at, the largest that it fills; a URL names one of these. */
export const variantSteps = [320, 640, 1280, 1920] as const
export const VariantStep = z.literal(variantSteps)
export type VariantStep = z.infer<typeof VariantStep>

/** What one account may send within 24 hours. */
export const maxUploadsPerDay = 200
/** How long a permission to upload holds, in milliseconds. */
export const uploadLifetime = 10 * 60_000

/** One encoded size. A photo narrower than its step keeps its own width, and has no variant above it. */
export const Variant = z.object({ step: VariantStep, width: z.number().int(), height: z.number().int() })
export type Variant = z.infer<typeof Variant>

/** A photo that can be shown, upright, with what a page needs to hold its place before it has come. */
export const Image = z
  .object({
    id: z.string(),
    /** Of the largest variant, in pixels. */
    width: z.number().int(),
    height: z.number().int(),
    /** By step, the smallest first; never empty. */
    variants: z.array(Variant),
    /** The dominant colour as `#rrggbb`. */
    color: z.string(),
    /** ThumbHash (evanw/thumbhash) in base64. */
    thumbhash: z.string(),
    /** What the seller says it shows; empty where they said nothing. */
    alt: z.string(),
  })
  .meta({ id: 'Image' })
export type Image = z.infer<typeof Image>

/** `uploading`: the file is awaited. `processing`: variants are being made. `failed`: see `problem`. */
export const imageStates = ['uploading', 'processing', 'ready', 'failed'] as const
export const ImageState = z.enum(imageStates)
export type ImageState = z.infer<typeof ImageState>

/** Why a photo came to nothing; the seller is told in words. */
export const imageProblems = ['unsupported', 'unreadable', 'too_large', 'too_many_pixels', 'too_slow', 'lost'] as const
export const ImageProblem = z.enum(imageProblems)
export type ImageProblem = z.infer<typeof ImageProblem>

/** A photo as its seller sees it, in whatever state. */
export const OwnImage = z
  .object({
    id: z.string(),
    state: ImageState,
    problem: ImageProblem.nullable(),
    fileName: z.string(),
    alt: z.string(),
    createdAt: z.iso.datetime(),
    /** What everybody sees, once it is ready. */
    image: Image.nullable(),
  })
  .meta({ id: 'OwnImage' })
export type OwnImage = z.infer<typeof OwnImage>

/** A post's photos in order; the first is its cover. */
export const OwnImageList = z.object({ items: z.array(OwnImage) }).meta({ id: 'OwnImageList' })
export type OwnImageList = z.infer<typeof OwnImageList>

const alt = steadyLine(0, 250)

/** Announces a file; `contentType` and `bytes` are held against it. */
export const ImageInput = z
  .strictObject({
    fileName: line(1, 255),
    contentType: z.string().min(1).max(100),
    bytes: z.number().int().min(1),
    alt: alt.default(''),
  })
  .meta({ id: 'ImageInput' })
export type ImageInput = z.infer<typeof ImageInput>

/** Where and how to send the file: a form (multipart/form-data) of these fields and then `file`, by POST. */
export const ImageUpload = z
  .object({
    image: OwnImage,
    upload: z.object({ url: z.string(), fields: z.record(z.string(), z.string()), expiresAt: z.iso.datetime() }),
  })
  .meta({ id: 'ImageUpload' })
export type ImageUpload = z.infer<typeof ImageUpload>

/** A photo that comes by itself through edge and origin: a form of these fields, in whatever order. */
export const ImageForm = z.object({ file: z.file(), alt: alt.default('') }).meta({ id: 'ImageForm' })

export const ImagePatch = z.strictObject({ alt }).meta({ id: 'ImagePatch' })

/** All photos of a post, each once, in the order that is wanted; the first becomes the cover. */
export const ImageOrder = z.strictObject({ ids: z.array(z.string()).max(maxImagesPerPost) }).meta({ id: 'ImageOrder' })

/** What the edge must know before it serves a photo's bytes. */
export const ImageAccess = z
  .object({
    id: z.string(),
    postId: z.string(),
    /** Whose it is: what ends the showing of a seller's posts ends that of their photos. */
    sellerId: z.string(),
    /** Whether everybody may see it; otherwise only who asked with this token may. */
    public: z.boolean(),
    /** When it stops being public; null where that is not known beforehand. */
    until: z.iso.datetime().nullable(),
    /** The folder of the variants in the region's bucket: `<folder>/<step>.<format>`. */
    folder: z.string(),
    variants: z.array(Variant),
  })
  .meta({ id: 'ImageAccess' })
export type ImageAccess = z.infer<typeof ImageAccess>
