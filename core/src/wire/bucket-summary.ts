import { z } from 'zod'
import type { Bck } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import type { JsonValue } from './json.ts'
import { describeIssue, strict } from './strict.ts'

/** Counts and sizes of a bucket. Sizes in bytes. @see AIStore cmn/bsumm.go */
export interface BucketSummary {
  readonly bck: Bck
  readonly objects: bigint
  readonly sizeBytes: bigint
  readonly minBytes: number
  readonly maxBytes: number
  readonly disksBytes: bigint
}

/** What a client asks: an empty `uuid` starts, its answer is asked for again with the ID. */
export interface SummaryMsg {
  readonly uuid: string
  readonly prefix: string
}

const messageSchema = z.strictObject({
  uuid: z.string().default(''),
  prefix: z.string().default(''),
  cached: z.boolean().default(false),
  present: z.boolean().default(false),
  dont_add_remote: z.boolean().default(false),
})

/** @throws AisError `ErrBadRequest` naming the field */
export function parseSummaryMsg(value: JsonValue): SummaryMsg {
  return strict(messageSchema, value ?? {}, 'bucket summary message')
}

/** A target's part, as it travels between nodes: 64-bit numbers in strings. */
export interface SummaryPart {
  readonly objects: bigint
  readonly sizeBytes: bigint
  readonly minBytes: number
  readonly maxBytes: number
  readonly disksBytes: bigint
}

const big = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt)

const partSchema = z.object({
  objects: big,
  sizeBytes: big,
  minBytes: z.number(),
  maxBytes: z.number(),
  disksBytes: big,
})

export function summaryPartToJson(part: SummaryPart): Record<string, unknown> {
  return {
    objects: String(part.objects),
    sizeBytes: String(part.sizeBytes),
    minBytes: part.minBytes,
    maxBytes: part.maxBytes,
    disksBytes: String(part.disksBytes),
  }
}

/** @throws AisError `ErrBadRequest` */
export function parseSummary(json: JsonValue): SummaryPart {
  const result = partSchema.safeParse(json)
  if (result.success) return result.data
  throw new AisError('ErrBadRequest', `invalid summary: ${describeIssue(result.error)}`)
}

/** Counts and sizes sum; the least and the greatest are over the parts that have objects. */
export function addSummaries(bck: Bck, parts: readonly SummaryPart[]): BucketSummary {
  const total = (of: (part: SummaryPart) => bigint) =>
    parts.reduce((sum, part) => sum + of(part), 0n)
  const filled = parts.filter((part) => part.objects > 0n)
  return {
    bck,
    objects: total((part) => part.objects),
    sizeBytes: total((part) => part.sizeBytes),
    minBytes: filled.length === 0 ? 0 : Math.min(...filled.map((part) => part.minBytes)),
    maxBytes: filled.length === 0 ? 0 : Math.max(...filled.map((part) => part.maxBytes)),
    disksBytes: total((part) => part.disksBytes),
  }
}

/** Upstream's shape: 64-bit numbers in strings. */
export function summaryToJson(summary: BucketSummary): Record<string, unknown> {
  const { bck, objects, sizeBytes, disksBytes } = summary
  const average = objects === 0n ? 0 : Number(sizeBytes / objects)
  const usedPercent = disksBytes === 0n ? 0 : Number((sizeBytes * 100n) / disksBytes)
  return {
    name: bck.name,
    provider: bck.provider,
    namespace: { uuid: bck.namespace.uuid, name: bck.namespace.name },
    ObjCount: { obj_count_present: String(objects), obj_count_remote: '0' },
    ObjSize: {
      obj_min_size: summary.minBytes,
      obj_avg_size: average,
      obj_max_size: summary.maxBytes,
    },
    TotalSize: {
      size_on_disk: String(sizeBytes),
      size_all_present_objs: String(sizeBytes),
      size_all_remote_objs: '0',
      total_disks_size: String(disksBytes),
    },
    used_pct: usedPercent,
    is_present: true,
  }
}
