import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import { describeIssue } from '../wire/strict.ts'
import { wireVersion } from '../wire/version.ts'

/** Rebalance metadata: says which global rebalance is the newest. Immutable, one version up per rebalance. */
export interface Rmd {
  /** Of the newest rebalance, whose ID is `g<version>`; 0 before the first. */
  readonly version: number
  /** Targets that take part. */
  readonly targetIds: readonly string[]
  /** Version of the Smap that the objects are moved by. */
  readonly smapVersion: number
}

export function emptyRmd(): Rmd {
  return { version: 0, targetIds: [], smapVersion: 0 }
}

const rmdSchema = z.object({
  version: wireVersion.default(0),
  target_ids: z.array(z.string()).nullish(),
  smap_version: wireVersion.default(0),
})

/** @throws AisError `ErrBadRequest` naming the field */
export function parseRmd(json: unknown): Rmd {
  const result = rmdSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid RMD: ${describeIssue(result.error)}`)
  }
  const { version, target_ids, smap_version } = result.data
  return { version, targetIds: target_ids ?? [], smapVersion: smap_version }
}

/** Wire shape: upstream's keys and `smap_version`, which is ours. */
export function rmdToJson(rmd: Rmd, clusterId: string): Record<string, unknown> {
  return {
    cluster_id: clusterId,
    target_ids: rmd.targetIds.length === 0 ? undefined : rmd.targetIds,
    version: rmd.version,
    smap_version: rmd.smapVersion,
  }
}
