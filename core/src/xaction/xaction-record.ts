import { z } from 'zod'
import type { XactionSnap } from '../wire/xaction.ts'

const statsSchema = z.object({
  localObjects: z.number(),
  localBytes: z.number(),
  outObjects: z.number(),
  outBytes: z.number(),
  inObjects: z.number(),
  inBytes: z.number(),
})

/** A snap as nodes tell it to each other, and keep it. */
export const snapSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    startedAt: z.number(),
    endedAt: z.number().optional(),
    aborted: z.boolean(),
    stats: statsSchema,
    bck: z.string().optional(),
    to: z.string().optional(),
    error: z.string().optional(),
    idle: z.boolean().optional(),
    detail: z.string().optional(),
    workers: z.number().optional(),
    targets: z.array(z.string()).optional(),
  })
  .transform((snap): XactionSnap => ({ ...snap, endedAt: snap.endedAt }))

/** A bucket of a job: its name, and the ID it had when the job was started. */
const bucketSchema = z.object({ uname: z.string(), bid: z.string() })

/** What starts a job at a target, and starts it again after a restart. */
export const orderSchema = z.object({
  id: z.string().min(1).max(64),
  kind: z.string(),
  bck: bucketSchema.optional(),
  to: bucketSchema.optional(),
  args: z.json(),
  targets: z.array(z.string()),
})

export type XactionOrder = z.output<typeof orderSchema>

/** What a target keeps of its jobs over a restart. */
export const recordsSchema = z.object({
  jobs: z.array(z.object({ snap: snapSchema, order: orderSchema.optional() })),
})

export type XactionRecords = z.output<typeof recordsSchema>
