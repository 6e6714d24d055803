import { z } from 'zod'

const tagSchema = z.tuple([z.string(), z.string()])

const rulesSchema = z.array(
  z.object({
    id: z.string(),
    enabled: z.boolean(),
    /** Whether the prefix stands in the rule itself, as old clients have it, and not in a filter. */
    bare: z.boolean().optional(),
    /** Names start with it; empty: all. */
    prefix: z.string(),
    /** All of these are among the object's tags. */
    tags: z.array(tagSchema).optional(),
    /** Objects of more bytes than this. */
    sizeAbove: z.int().optional(),
    /** Objects of fewer bytes than this. */
    sizeBelow: z.int().optional(),
    /** Days from the last change to the end. */
    days: z.int().optional(),
    /** Unix ms of the end. */
    dateMs: z.int().optional(),
    /** A delete marker that no version is behind goes. */
    loneMarkers: z.boolean().optional(),
    /** Days from when another version came. */
    noncurrentDays: z.int().optional(),
    /** That many of the newest noncurrent versions stay. */
    newerNoncurrent: z.int().optional(),
    /** Days from the beginning of an upload. */
    abortDays: z.int().optional(),
  }),
)

/** A rule of a bucket's lifecycle: what it is about, and when that ends. */
export type LifecycleRule = z.output<typeof rulesSchema>[number]

/** Reads what was stored; rules that cannot be read end nothing. */
export function lifecycleRulesOf(text: string): readonly LifecycleRule[] {
  try {
    return rulesSchema.parse(JSON.parse(text))
  } catch {
    return []
  }
}
