import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import { describeIssue } from '../wire/strict.ts'
import { wireVersion } from '../wire/version.ts'
import {
  type PendingRemoval,
  pendingRemovalOf,
  pendingRemovalSchema,
  pendingRemovalToJson,
} from './removal-request.ts'

/** Rebalance metadata: says which global rebalance is the newest, and whether it has come to its end. Immutable. */
export interface Rmd {
  /** Of the newest rebalance, whose ID is `g<version>`; 0 before the first. */
  readonly version: number
  /** Targets that take part: those of the map, in maintenance or not. */
  readonly targetIds: readonly string[]
  /** Version of the Smap that the objects are moved by. */
  readonly smapVersion: number
  /** Newest rebalance that came to its end: every participant had nothing left to send. */
  readonly completed: number
  /** Newest rebalance that was stopped by hand. */
  readonly aborted: number
  /** Targets that left without having given their objects away: they may come back with old ones. */
  readonly absent: readonly string[]
  /** What is to be done with nodes when the newest rebalance has come to its end. */
  readonly removal?: PendingRemoval | undefined
}

export function emptyRmd(): Rmd {
  return { version: 0, targetIds: [], smapVersion: 0, completed: 0, aborted: 0, absent: [] }
}

/** `g<version>`, as clients know a rebalance. */
export function rebalanceId(version: number): string {
  return `g${version}`
}

/** Objects may not be where the map says yet. */
export function isRebalancing(rmd: Rmd): boolean {
  return rmd.completed < rmd.version
}

const rmdSchema = z.object({
  version: wireVersion.default(0),
  target_ids: z.array(z.string()).nullish(),
  smap_version: wireVersion.default(0),
  completed: wireVersion.default(0),
  aborted: wireVersion.default(0),
  absent: z.array(z.string()).nullish(),
  removal: pendingRemovalSchema.nullish(),
})

/** @throws AisError `ErrBadRequest` naming the field */
export function parseRmd(json: unknown): Rmd {
  const result = rmdSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid RMD: ${describeIssue(result.error)}`)
  }
  const { version, target_ids, smap_version, completed, aborted, absent, removal } = result.data
  return {
    version,
    targetIds: target_ids ?? [],
    smapVersion: smap_version,
    completed,
    aborted,
    absent: absent ?? [],
    removal: removal ? pendingRemovalOf(removal) : undefined,
  }
}

/** Wire shape: upstream's keys, then ours. */
export function rmdToJson(rmd: Rmd, clusterId: string): Record<string, unknown> {
  return {
    cluster_id: clusterId,
    target_ids: rmd.targetIds.length === 0 ? undefined : rmd.targetIds,
    version: rmd.version,
    smap_version: rmd.smapVersion,
    completed: rmd.completed,
    aborted: rmd.aborted,
    absent: rmd.absent.length === 0 ? undefined : rmd.absent,
    removal: rmd.removal === undefined ? undefined : pendingRemovalToJson(rmd.removal),
  }
}
