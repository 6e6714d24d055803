import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import type { JsonValue } from './json.ts'
import { describeIssue } from './strict.ts'

/** TAR shards of a bucket, and how far they have indexes. @see AIStore api/apc/shard_idx.go */
export interface ShardSummary {
  /** TAR objects. */
  readonly tars: number
  readonly tarBytes: number
  /** Those with an index that is good. */
  readonly indexed: number
  readonly indexedBytes: number
  /** Files in these. */
  readonly files: number
  /** TAR objects whose index is of another version. */
  readonly stale: number
  /** TAR objects whose index cannot be read. */
  readonly invalid: number
}

export const noShards: ShardSummary = {
  tars: 0,
  tarBytes: 0,
  indexed: 0,
  indexedBytes: 0,
  files: 0,
  stale: 0,
  invalid: 0,
}

const count = z.int().nonnegative()
const partSchema = z.object({
  tars: count,
  tarBytes: count,
  indexed: count,
  indexedBytes: count,
  files: count,
  stale: count,
  invalid: count,
})

/** A target's part, as it travels between nodes. @throws AisError `ErrBadRequest` */
export function parseShardPart(json: JsonValue): ShardSummary {
  const result = partSchema.safeParse(json)
  if (result.success) return result.data
  throw new AisError('ErrBadRequest', `invalid shard summary: ${describeIssue(result.error)}`)
}

export function addShardParts(parts: readonly ShardSummary[]): ShardSummary {
  return parts.reduce(
    (sum, part) => ({
      tars: sum.tars + part.tars,
      tarBytes: sum.tarBytes + part.tarBytes,
      indexed: sum.indexed + part.indexed,
      indexedBytes: sum.indexedBytes + part.indexedBytes,
      files: sum.files + part.files,
      stale: sum.stale + part.stale,
      invalid: sum.invalid + part.invalid,
    }),
    noShards,
  )
}

/** Upstream's shape: 64-bit numbers in strings. */
export function shardSummaryToJson(summary: ShardSummary): Record<string, string> {
  return {
    'tar-objs': String(summary.tars),
    'tar-size': String(summary.tarBytes),
    shards: String(summary.indexed),
    'shard-size': String(summary.indexedBytes),
    'archived-objs': String(summary.files),
    'stale-indexes': String(summary.stale),
    'invalid-indexes': String(summary.invalid),
  }
}
