import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { ControlPlane } from './control/control-plane.ts'
import type { Documents } from './control/documents.ts'
import { awayNodes, countHeard, hasLease, silentNodes } from './control/lead.ts'
import type { Peers } from './control/peers.ts'
import { completedRebalance, nextRebalance, returnedAbsent } from './plan-rebalance.ts'
import type { Primary } from './primary.ts'
import { activeTargets, findNode, withoutNode } from './smap.ts'
import type { Snode } from './snode.ts'

/** What the primary does by itself about who is silent, and who is back. */
export interface NodeWatch {
  /** Takes silent nodes out of the map, ends a rebalance, begins one that is due. One round at a time. */
  tick(): Promise<void>
}

export interface NodeWatchDependencies extends Pick<Primary, 'update' | 'updateSmap'> {
  readonly control: ControlPlane
  readonly peers: Peers
  readonly clock: Clock
  readonly log: Log
  /** Brings a node what it lacks. */
  catchUp(node: Snode): Promise<void>
  /** Newest rebalance that a target has come to the end of, as it said; 0: none. */
  finishedBy(daemonId: string): number
}

export function createNodeWatch(dependencies: NodeWatchDependencies): NodeWatch {
  const { control, peers, clock, log, update, updateSmap, catchUp, finishedBy } = dependencies
  let watching = false

  /** Asks nodes that were not heard for a lease once more, directly. Resolves with those that do not answer. */
  async function askUnheard(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { smap } = control.state().committed
    const gone = new Set<string>()
    await Promise.all(
      ids.map(async (id) => {
        const node = findNode(smap, id)
        if (node === undefined) return
        const there = await peers
          .identify(peers.urlOf(node), control.timing().intervalMs / 2)
          .catch(() => undefined)
        if (there !== id) {
          gone.add(id)
          return
        }
        await control.run((at, now) => ({ state: countHeard(at, id, now), answer: undefined }))
        await catchUp(node)
      }),
    )
    return gone
  }

  /**
   * Puts it on record that the newest rebalance has come to its end, once every target has said so. One that is out of
   * service is waited for like others while it answers: its objects are nowhere else, and a busy machine makes it late.
   */
  async function completeRebalance(): Promise<void> {
    const { smap, rmd } = control.state().committed
    const unheard = awayNodes(control.state(), clock.monotonic(), control.timing())
    if (completedRebalance(rmd, smap, finishedBy, new Set(unheard)) === undefined) return
    const away = await askUnheard(unheard.filter((id) => rmd.targetIds.includes(id)))
    if (completedRebalance(rmd, smap, finishedBy, away) === undefined) return
    const { rmd: after } = await update((now) => {
      // Who was away then may take part in a newer one.
      if (now.rmd.version !== rmd.version) return undefined
      const completed = completedRebalance(now.rmd, now.smap, finishedBy, away)
      return completed === undefined ? undefined : { rmd: completed }
    })
    if (after.completed < rmd.version) return
    log.info('rebalance completed', { version: after.completed })
  }

  /** Moves the objects of targets that were away when they were to, and came back out of service. */
  async function moveAbsent(): Promise<void> {
    const isDue = ({ rmd, smap, config }: Documents) => {
      const unheard = awayNodes(control.state(), clock.monotonic(), control.timing())
      const some = config.rebalance.enabled && activeTargets(smap).length > 0
      return some && returnedAbsent(rmd, smap, unheard).length > 0
    }
    if (!isDue(control.state().committed)) return
    const { rmd } = await update((now) =>
      isDue(now) ? { rmd: nextRebalance(now.rmd, now.smap) } : undefined,
    )
    log.info('rebalance: a target is back with its objects', { version: rmd.version })
  }

  /** Nodes at work that were not heard for a lease, and do not answer, leave the map. */
  async function removeSilent(): Promise<void> {
    const timing = control.timing()
    const state = control.state()
    if (!hasLease(state, clock.monotonic(), timing)) return
    const silent = silentNodes(state, clock.monotonic(), timing)
    if (silent.length === 0) return
    const gone = await askUnheard(silent)
    if (gone.size === 0) return
    log.warn('nodes are silent and leave the map', { nodes: [...gone].join(' ') })
    // Changes before this one may have taken long: who was heard meanwhile stays.
    const stillGone = () =>
      silentNodes(control.state(), clock.monotonic(), timing).filter((id) => gone.has(id))
    await updateSmap(
      (smap) => stillGone().reduce((map, id) => withoutNode(map, id), smap),
      [...gone],
    )
  }

  return {
    async tick() {
      if (watching) return
      watching = true
      try {
        await removeSilent()
        await completeRebalance()
        await moveAbsent()
      } finally {
        watching = false
      }
    },
  }
}
