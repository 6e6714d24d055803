import { type Link, link } from './network.ts'
import type { SeededRandom } from './seeded-random.ts'

/** How many nodes of each role, and which gateways may not lead. */
export interface Shape {
  readonly proxies: number
  readonly targets: number
  readonly nonElectable: readonly string[]
  /** Nodes that come only with their `start` event. */
  readonly late: readonly string[]
}

/** What is done to a cluster at a moment, ms; what lasts, lasts `forMs`. */
export type SimEvent = { readonly at: number } & (
  | { readonly kind: 'bucket'; readonly key: number; readonly gateway: number }
  | { readonly kind: 'config'; readonly value: number; readonly gateway: number }
  | { readonly kind: 'object'; readonly key: number; readonly gateway: number }
  /** An object is written through one gateway and, when that has its end, through another. */
  | {
      readonly kind: 'rewrite'
      readonly key: number
      readonly gateway: number
      readonly again: number
    }
  | { readonly kind: 'set-primary'; readonly to: string; readonly gateway: number }
  | { readonly kind: 'start'; readonly who: string }
  | {
      readonly kind: 'maintenance'
      readonly who: string
      readonly gateway: number
      readonly forMs: number
    }
  | {
      readonly kind: 'leave'
      readonly action: 'start-maintenance' | 'shutdown-node' | 'decommission-node'
      readonly who: string
      readonly rebalance: boolean
      /** Of a node that is forgotten: its objects go as well. */
      readonly wipe: boolean
      readonly gateway: number
      readonly forMs: number
    }
  | { readonly kind: 'rename'; readonly key: number; readonly gateway: number }
  | { readonly kind: 'rename-objects'; readonly gateway: number }
  | { readonly kind: 'credentials'; readonly key: number; readonly gateway: number }
  | {
      readonly kind: 'crash'
      readonly who: string
      readonly forMs: number
      readonly moves: boolean
    }
  | { readonly kind: 'crash-all'; readonly order: readonly string[]; readonly forMs: number }
  | { readonly kind: 'pause'; readonly who: string; readonly forMs: number }
  | { readonly kind: 'slow'; readonly who: string; readonly byMs: number; readonly forMs: number }
  | { readonly kind: 'block' | 'clog'; readonly links: readonly Link[]; readonly forMs: number }
  | { readonly kind: 'loss'; readonly share: number; readonly forMs: number }
  | { readonly kind: 'latency'; readonly ms: number; readonly forMs: number }
  | { readonly kind: 'wall'; readonly who: string; readonly byMs: number }
)

export interface Schedule {
  readonly shape: Shape
  readonly events: readonly SimEvent[]
  /** When faults end, ms. */
  readonly healAt: number
  /**
   * Objects are written as well: `stable`, while faults are so short that no target leaves the map for long; or
   * `moving`, with every fault, so that they have to follow the map.
   */
  readonly objects: 'none' | 'stable' | 'moving'
}

/** In the place of a node's name: whoever leads at that moment. */
export const primaryNow = 'primary'

/** Time without faults for the cluster to come together, ms. */
export const quietMs = 6_000

export const nodeNames = (role: 'proxy' | 'target', count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${role}-${at + 1}`)

const smallShapes = [
  [1, 1],
  [1, 3],
  [2, 1],
  [2, 2],
] as const

function drawShape(random: SeededRandom): Shape {
  const [proxies, targets] = random.chance(0.4)
    ? random.pick(smallShapes)
    : random.chance(0.75)
      ? ([random.between(2, 4), random.between(1, 5)] as const)
      : ([random.between(1, 7), random.between(1, 9)] as const)
  const others = [...nodeNames('proxy', proxies).slice(1), ...nodeNames('target', targets)]
  const late = random.chance(0.3) ? others.filter(() => random.chance(0.3)) : []
  const able = nodeNames('proxy', proxies).slice(1)
  const nonElectable = random.chance(0.2) ? able.filter(() => random.chance(0.4)) : []
  return { proxies, targets, nonElectable, late }
}

const both = (a: string, b: string): Link[] => [link(a, b), link(b, a)]

/** Links between nodes of different islands. */
function islands(nodes: readonly string[], count: number, random: SeededRandom): Link[] {
  const island = new Map(nodes.map((node) => [node, random.below(count)]))
  return nodes.flatMap((a) =>
    nodes.filter((b) => island.get(a) !== island.get(b)).map((b) => link(a, b)),
  )
}

/** A fault of one kind; some are made of several events. */
type Draw = (
  random: SeededRandom,
  nodes: readonly string[],
  at: number,
) => SimEvent | readonly SimEvent[]

const forMs = (random: SeededRandom, most = 12_000) => random.between(300, most)
/** Now and then it hits whoever leads. */
const someone = (random: SeededRandom, nodes: readonly string[]) =>
  random.chance(0.35) ? primaryNow : random.pick(nodes)

function someLinks(random: SeededRandom, nodes: readonly string[]): Link[] {
  const share = random.pick([0.1, 0.3, 0.6])
  return nodes.flatMap((a) =>
    nodes.filter((b) => a !== b && random.chance(share)).map((b) => link(a, b)),
  )
}

const faults: Readonly<Record<string, Draw>> = {
  crash: (random, nodes, at) => ({
    at,
    kind: 'crash',
    who: someone(random, nodes),
    forMs: forMs(random),
    moves: random.chance(0.2),
  }),
  crashSoon: (random, nodes, at) => ({
    at,
    kind: 'crash',
    who: someone(random, nodes),
    forMs: random.between(1, 400),
    moves: false,
  }),
  crashAll: (random, nodes, at) => ({
    at,
    kind: 'crash-all',
    order: random.shuffled(nodes),
    forMs: random.between(10, 3_000),
  }),
  pause: (random, nodes, at) => ({
    at,
    kind: 'pause',
    who: someone(random, nodes),
    forMs: forMs(random, 8_000),
  }),
  slow: (random, nodes, at) => ({
    at,
    kind: 'slow',
    who: someone(random, nodes),
    byMs: random.between(5, 300),
    forMs: forMs(random),
  }),
  islands: (random, nodes, at) => ({
    at,
    kind: 'block',
    links: islands(nodes, random.pick([2, 2, 3]), random),
    forMs: forMs(random),
  }),
  oneWay: (random, nodes, at) => {
    const one = random.pick(nodes)
    const others = nodes.filter((node) => node !== one)
    const out = random.chance(0.5)
    const links = others.map((other) => (out ? link(one, other) : link(other, one)))
    return { at, kind: 'block', links, forMs: forMs(random) }
  },
  pairs: (random, nodes, at) => {
    const one = random.pick(nodes)
    const other = random.pick(nodes.filter((node) => node !== one))
    return { at, kind: 'block', links: both(one, other), forMs: forMs(random) }
  },
  holes: (random, nodes, at) => ({
    at,
    kind: 'block',
    links: someLinks(random, nodes),
    forMs: forMs(random, 6_000),
  }),
  clog: (random, nodes, at) => ({
    at,
    kind: 'clog',
    links: someLinks(random, nodes),
    forMs: forMs(random, 8_000),
  }),
  /** Half of the nodes are silent for a primary, and when it is about to let them go it is cut off from the rest. */
  closingIn: (random, nodes, at) => {
    const [one = '', ...others] = nodes
    const gone = random.shuffled(others).slice(0, Math.floor(nodes.length / 2))
    const near = nodes.filter((node) => !gone.includes(node))
    const cut = near.flatMap((a) => gone.flatMap((b) => both(a, b)))
    const tightenAt = at + random.between(2_900, 5_000)
    return [
      { at, kind: 'block', links: cut, forMs: tightenAt - at + random.between(0, 500) },
      {
        at: tightenAt,
        kind: 'block',
        links: others.flatMap((other) => both(one, other)),
        forMs: random.between(3_000, 8_000),
      },
    ]
  },
  loss: (random, _nodes, at) => ({
    at,
    kind: 'loss',
    share: random.pick([0.05, 0.15, 0.3]),
    forMs: forMs(random),
  }),
  latency: (random, _nodes, at) => ({
    at,
    kind: 'latency',
    ms: random.pick([20, 100, 400]),
    forMs: forMs(random),
  }),
  wall: (random, nodes, at) => ({
    at,
    kind: 'wall',
    who: random.pick(nodes),
    byMs: random.between(-86_400_000, 86_400_000),
  }),
}

/** The longest a fault lasts beside objects, ms: too short to leave the map. */
const mildMs = 1_200

function mild(event: SimEvent): SimEvent {
  switch (event.kind) {
    case 'crash':
    case 'crash-all':
    case 'pause':
    case 'block':
    case 'clog':
      return { ...event, forMs: Math.min(event.forMs, mildMs) }
    case 'slow':
      return { ...event, byMs: Math.min(event.byMs, 60) }
    case 'loss':
      return { ...event, share: Math.min(event.share, 0.05) }
    case 'latency':
      return { ...event, ms: Math.min(event.ms, 100) }
    default:
      return event
  }
}

/** When the first fault may come: by then a cluster in health is complete. */
const faultsFromMs = 3_000

/** Up to `most` moments at which something is done, in a `share` of the seeds. */
function moments(random: SeededRandom, share: number, most: number, healAt: number): number[] {
  if (!random.chance(share)) return []
  const count = random.between(1, most)
  return Array.from({ length: count }, () => random.between(faultsFromMs, healAt - 1))
}

const anyGateway = (random: SeededRandom) => random.below(1_000)

/** Nodes leave service, for a while or for good. Objects in the cluster have to move first; without any, perhaps. */
function drawLeaving(
  random: SeededRandom,
  nodes: readonly string[],
  objects: Schedule['objects'],
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
    forMs: forMs(random),
  }))
}

function drawRenames(
  random: SeededRandom,
  objects: Schedule['objects'],
  healAt: number,
): SimEvent[] {
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
function drawStranded(
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
  const links = near.flatMap((a) => far.flatMap((b) => both(a, b)))
  const rewrites = Array.from({ length: random.between(3, 12) }, (): SimEvent => {
    const during = random.between(leftMs, forMs)
    const key = random.below(objectKeys)
    return { at: at + during, kind: 'rewrite', key, gateway: 0, again: gateway }
  })
  return [{ at, kind: 'block', links, forMs }, ...rewrites]
}

/** Names of objects. */
const objectKeys = 20

/** Objects are written still while the cluster comes together again. */
function drawLateObjects(random: SeededRandom, healAt: number): SimEvent[] {
  if (!random.chance(0.5)) return []
  return Array.from({ length: random.between(5, 40) }, (): SimEvent => {
    const at = healAt + random.below(lateMs)
    return { at, kind: 'object', key: random.below(objectKeys), gateway: anyGateway(random) }
  })
}

/** How long after the last fault, ms. */
const lateMs = 2_500

function drawCredentials(random: SeededRandom, healAt: number): SimEvent[] {
  return moments(random, 0.25, 20, healAt).map((at) => {
    return { at, kind: 'credentials', key: random.below(4), gateway: anyGateway(random) }
  })
}

/** Everything that will be done to the cluster of a seed. Each seed has some kinds of faults, not all. */
export function drawSchedule(random: SeededRandom): Schedule {
  const objects = random.pick(['none', 'none', 'none', 'stable', 'moving', 'moving'] as const)
  const drawn = drawShape(random)
  const shape = objects === 'stable' ? { ...drawn, late: [] } : drawn
  const nodes = [...nodeNames('proxy', shape.proxies), ...nodeNames('target', shape.targets)]
  const healAt = faultsFromMs + random.between(8_000, 30_000)
  const moment = () => random.between(faultsFromMs, healAt - 1)
  const events: SimEvent[] = shape.late.map((who) => ({ at: moment(), kind: 'start', who }))
  const kinds = Object.values(faults).filter(() => random.chance(0.4))
  const rate = random.pick([1, 2.5, 6])
  for (const draw of kinds) {
    const count = random.between(1, Math.ceil((rate * (healAt - faultsFromMs)) / 10_000))
    for (let i = 0; i < count; i++) {
      const drawn = [draw(random, nodes, moment())].flat()
      events.push(...(objects === 'stable' ? drawn.map(mild) : drawn))
    }
  }
  const gateway = () => random.below(1_000)
  const changes = random.between(5, 60)
  for (let i = 0; i < changes; i++) {
    events.push({ at: moment(), kind: 'bucket', key: random.below(12), gateway: gateway() })
  }
  if (random.chance(0.5)) {
    for (let i = 0; i < random.between(1, 6); i++) {
      events.push({ at: moment(), kind: 'config', value: 1 + i, gateway: gateway() })
    }
  }
  if (shape.proxies > 1 && random.chance(0.4)) {
    for (let i = 0; i < random.between(1, 4); i++) {
      const to = random.pick(nodeNames('proxy', shape.proxies))
      events.push({ at: moment(), kind: 'set-primary', to, gateway: gateway() })
    }
  }
  if (objects === 'none' && random.chance(0.35)) {
    for (let i = 0; i < random.between(1, 5); i++) {
      const who = random.pick(nodes)
      const during = { gateway: gateway(), forMs: forMs(random) }
      events.push({ at: moment(), kind: 'maintenance', who, ...during })
    }
  }
  if (objects !== 'none') {
    for (let i = 0; i < random.between(20, 150); i++) {
      events.push({
        at: moment(),
        kind: 'object',
        key: random.below(objectKeys),
        gateway: gateway(),
      })
    }
  }
  events.push(
    ...drawLeaving(random.fork('leave'), nodes, objects, healAt),
    ...drawRenames(random.fork('rename'), objects, healAt),
    ...drawCredentials(random.fork('credentials'), healAt),
  )
  if (objects === 'moving') {
    events.push(
      ...drawStranded(random.fork('stranded'), shape, healAt),
      ...drawLateObjects(random.fork('late objects'), healAt),
    )
  }
  return { shape, healAt, objects, events: events.sort((a, b) => a.at - b.at) }
}

/** One line for a person. */
export function describeEvent(event: SimEvent): string {
  const { at, kind, ...rest } = event
  const details = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)
  return `${(at / 1_000).toFixed(3)} s ${kind} ${details.join(' ')}`
}
