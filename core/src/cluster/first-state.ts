import { shortId } from '../algorithms/short-id.ts'
import { emptyBmd } from '../bucket/bmd.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import { blankState } from './control/cluster-state.ts'
import type { ControlState, Step } from './control/control-state.ts'
import { staffIc } from './control/information-center.ts'
import { emptySmap, withNode, withPrimary } from './smap.ts'
import type { Snode } from './snode.ts'

/** A new cluster of one gateway, which leads it. */
export function beginCluster(
  state: ControlState,
  self: Snode,
  config: ClusterConfig,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Step<undefined> {
  const uuid = shortId(random)
  const creationTime = new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ')
  const smap = staffIc(withPrimary(withNode(emptySmap(), self), self.daemonId, 0))
  const now = clock.monotonic()
  const committed = {
    ...blankState({ ...config, uuid, config_version: 1 }),
    stamp: { term: 1, index: 1 },
    smap: { ...smap, uuid, creationTime },
    bmd: { ...emptyBmd(shortId(random)), version: 1 },
  }
  const leading = {
    established: true,
    since: now,
    graceMs: 0,
    heard: new Map<string, number>(),
    acks: new Set([self.daemonId]),
  }
  return {
    state: { ...state, term: 1, votedFor: self.daemonId, committed, leading },
    answer: undefined,
  }
}
