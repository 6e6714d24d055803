import { listBuckets } from '../bucket/bmd.ts'
import type { Documents } from './control/documents.ts'
import type { Rmd } from './rmd.ts'
import { activeTargets, type Smap } from './smap.ts'
import { isDrained } from './snode.ts'

const idsOf = (smap: Smap) => new Set(activeTargets(smap).map(({ daemonId }) => daemonId))

function sameIds(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id))
}

/** The rebalance that moves objects by `smap`, one version up. One whose objects moved already has nothing to send. */
export function nextRebalance(rmd: Rmd, smap: Smap): Rmd {
  return {
    ...rmd,
    version: rmd.version + 1,
    targetIds: [...smap.targets.values()]
      .filter((node) => !isDrained(node))
      .map(({ daemonId }) => daemonId)
      .sort(),
    smapVersion: smap.version,
  }
}

/**
 * What a new map means for the objects: the RMD that goes with it into the same state; the same one when nothing has
 * to move. A target that left without a word is remembered as absent, until it came back and a rebalance ended.
 * @param lost targets that left without having given their objects away
 */
export function rebalanceWith(now: Documents, smap: Smap, lost: readonly string[]): Rmd {
  const { rmd, bmd, config } = now
  const absent = [...new Set([...rmd.absent, ...lost.filter((id) => now.smap.targets.has(id))])]
  const remembered = absent.length === rmd.absent.length ? rmd : { ...rmd, absent }
  const [before, after] = [idsOf(now.smap), idsOf(smap)]
  if (sameIds(before, after) || after.size === 0) return remembered
  if (!config.rebalance.enabled || listBuckets(bmd).length === 0) return remembered
  return nextRebalance(remembered, smap)
}

/**
 * The RMD when every participant that is still in the map has nothing left to send; `undefined` before.
 * @param finishedBy newest rebalance that a target has come to the end of
 * @param away targets that are out of service and switched off: they are not waited for, and may come back with old objects
 */
export function completedRebalance(
  rmd: Rmd,
  smap: Smap,
  finishedBy: (daemonId: string) => number,
  away: ReadonlySet<string>,
): Rmd | undefined {
  if (rmd.completed >= rmd.version) return undefined
  const there = rmd.targetIds.filter((id) => smap.targets.has(id))
  const waiting = there.filter((id) => !away.has(id))
  if (!waiting.every((id) => finishedBy(id) >= rmd.version)) return undefined
  const absent = [
    ...rmd.absent.filter((id) => !smap.targets.has(id)),
    ...there.filter((id) => away.has(id)),
  ]
  return { ...rmd, completed: rmd.version, absent }
}

/**
 * Targets out of service that were away when their objects were to move, and are there again: nobody finds what they hold until it
 * is moved after all. One that had left the map moves its objects when it joins.
 * @param away targets that are out of service and not heard
 */
export function returnedAbsent(rmd: Rmd, smap: Smap, away: readonly string[]): readonly string[] {
  if (rmd.completed < rmd.version) return []
  return rmd.absent.filter((id) => smap.targets.has(id) && !away.includes(id))
}

/** `rmd` without those that will not come back, or must not. */
export function forgetAbsent(rmd: Rmd, ids: readonly string[]): Rmd {
  const absent = rmd.absent.filter((id) => !ids.includes(id))
  return absent.length === rmd.absent.length ? rmd : { ...rmd, absent }
}
