import { z } from 'zod'

export const retentionModes = ['GOVERNANCE', 'COMPLIANCE'] as const

export type RetentionMode = (typeof retentionModes)[number]

const lockSchema = z.object({
  rule: z
    .object({
      mode: z.enum(retentionModes),
      unit: z.enum(['Days', 'Years']),
      count: z.int().positive(),
    })
    .optional(),
})

/** That versions of a bucket can be locked, and how they are when nobody says so. */
export type BucketLock = z.output<typeof lockSchema>

/** Reads what was stored; a lock that cannot be read stays one. */
export function bucketLockOf(text: string): BucketLock {
  try {
    return lockSchema.parse(JSON.parse(text))
  } catch {
    return {}
  }
}

/** End of what is locked from now on by the bucket's rule, Unix ms. */
export function endOfRule({ unit, count }: NonNullable<BucketLock['rule']>, nowMs: number): number {
  const end = new Date(nowMs)
  if (unit === 'Days') end.setUTCDate(end.getUTCDate() + count)
  else end.setUTCFullYear(end.getUTCFullYear() + count)
  return end.getTime()
}
