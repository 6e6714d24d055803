import { anyGateway, bothWays, drawnForMs, faultsFromMs, moments } from './moments.ts'
import type { SeededRandom } from './seeded-random.ts'
import { nodeNames, type Shape } from './shape.ts'
import type { SimEvent } from './sim-event.ts'

/**
 * Whether objects are written as well: `stable`, while faults are so short that no target leaves the map for long; or
 * `moving`, with every fault, so that they have to follow the map.
 */
export type ObjectWork = 'none' | 'stable' | 'moving'

/** Nodes leave service, for a while or for good. Objects in the cluster have to move first; without any, perhaps. */
export function drawLeaving(
  random: SeededRandom,
  nodes: readonly string[],
  objects: ObjectWork,
  healAt: number,
): SimEvent[] {
  // Who is forgotten leaves the map, which a stable one does not.
  const actions =
    objects === 'stable'
      ? (['start-maintenance', 'shutdown-node'] as const)
      : (['start-maintenance', 'shutdown-node', 'decommission-node'] as const)
  return moments(random, 0.5, 4, healAt).map((at) => ({
    at,
    kind: 'leave',
    action: random.pick(actions),
    who: random.pick(nodes),
    rebalance: objects !== 'none' || random.chance(0.5),
    wipe: random.chance(0.5),
    gateway: anyGateway(random),
    forMs: drawnForMs(random),
  }))
}

/** An administrator in a hurry, who waits for the end of every rebalance and for nothing else. */
export function drawHurry(
  random: SeededRandom,
  targets: readonly string[],
  healAt: number,
): SimEvent[] {
  return moments(random, 0.5, 2, healAt).map((at) => ({
    at,
    kind: 'leave-twice',
    who: random.pick(targets),
    gateway: anyGateway(random),
  }))
}

export function drawRenames(random: SeededRandom, objects: ObjectWork, healAt: number): SimEvent[] {
  const buckets = moments(random, 0.35, 6, healAt).map((at): SimEvent => {
    return { at, kind: 'rename', key: random.below(12), gateway: anyGateway(random) }
  })
  if (objects === 'none') return buckets
  const own = moments(random, 0.5, 3, healAt).map((at): SimEvent => {
    return { at, kind: 'rename-objects', gateway: anyGateway(random) }
  })
  return [...buckets, ...own]
}

/** When a node that fell silent has left the map for sure, ms. */
const leftMs = 4_500

/**
 * A gateway and targets are cut off together, with clients that still reach them, for longer than it takes to leave the
 * map: what is written by the new map is written again by the old one.
 */
export function drawStranded(
  random: SeededRandom,
  { proxies, targets }: Shape,
  healAt: number,
): SimEvent[] {
  const forMs = random.between(6_000, 10_000)
  const latest = healAt - forMs
  if (!random.chance(0.5) || proxies < 2 || targets < 2 || latest < faultsFromMs) return []
  const gateway = random.between(1, proxies - 1)
  const most = Math.ceil((proxies + targets) / 2) - 2
  const away = random.shuffled(nodeNames('target', targets)).slice(0, Math.max(1, most))
  const near = [`proxy-${gateway + 1}`, ...away]
  const nodes = [...nodeNames('proxy', proxies), ...nodeNames('target', targets)]
  const far = nodes.filter((node) => !near.includes(node))
  const at = random.between(faultsFromMs, latest)
  const links = near.flatMap((a) => far.flatMap((b) => bothWays(a, b)))
  const rewrites = Array.from({ length: random.between(3, 12) }, (): SimEvent => {
    const during = random.between(leftMs, forMs)
    const key = random.below(objectKeys)
    return { at: at + during, kind: 'rewrite', key, gateway: 0, again: gateway }
  })
  return [{ at, kind: 'block', links, forMs }, ...rewrites]
}

/** Names of objects. */
export const objectKeys = 20

/** Objects are written still while the cluster comes together again. */
export function drawLateObjects(random: SeededRandom, healAt: number): SimEvent[] {
  if (!random.chance(0.5)) return []
  return Array.from({ length: random.between(5, 40) }, (): SimEvent => {
    const at = healAt + random.below(lateMs)
    return { at, kind: 'object', key: random.below(objectKeys), gateway: anyGateway(random) }
  })
}

/** How long after the last fault, ms. */
const lateMs = 2_500

export function drawCredentials(random: SeededRandom, healAt: number): SimEvent[] {
  return moments(random, 0.25, 20, healAt).map((at) => {
    return { at, kind: 'credentials', key: random.below(4), gateway: anyGateway(random) }
  })
}
