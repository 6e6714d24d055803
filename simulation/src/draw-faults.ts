import { bothWays, drawnForMs } from './moments.ts'
import { type Link, link } from './network.ts'
import type { SeededRandom } from './seeded-random.ts'
import { primaryNow, type SimEvent } from './sim-event.ts'

/** Links between nodes of different islands. */
function islands(nodes: readonly string[], count: number, random: SeededRandom): Link[] {
  const island = new Map(nodes.map((node) => [node, random.below(count)]))
  return nodes.flatMap((a) =>
    nodes.filter((b) => island.get(a) !== island.get(b)).map((b) => link(a, b)),
  )
}

/** A fault of one kind; some are made of several events. */
export type DrawFault = (
  random: SeededRandom,
  nodes: readonly string[],
  at: number,
) => SimEvent | readonly SimEvent[]

/** Now and then it hits whoever leads. */
const someone = (random: SeededRandom, nodes: readonly string[]) =>
  random.chance(0.35) ? primaryNow : random.pick(nodes)

function someLinks(random: SeededRandom, nodes: readonly string[]): Link[] {
  const share = random.pick([0.1, 0.3, 0.6])
  return nodes.flatMap((a) =>
    nodes.filter((b) => a !== b && random.chance(share)).map((b) => link(a, b)),
  )
}

/** Every kind of fault, by name. */
export const faults: Readonly<Record<string, DrawFault>> = {
  crash: (random, nodes, at) => ({
    at,
    kind: 'crash',
    who: someone(random, nodes),
    forMs: drawnForMs(random),
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
    forMs: drawnForMs(random, 8_000),
  }),
  slow: (random, nodes, at) => ({
    at,
    kind: 'slow',
    who: someone(random, nodes),
    byMs: random.between(5, 300),
    forMs: drawnForMs(random),
  }),
  islands: (random, nodes, at) => ({
    at,
    kind: 'block',
    links: islands(nodes, random.pick([2, 2, 3]), random),
    forMs: drawnForMs(random),
  }),
  oneWay: (random, nodes, at) => {
    const one = random.pick(nodes)
    const others = nodes.filter((node) => node !== one)
    const out = random.chance(0.5)
    const links = others.map((other) => (out ? link(one, other) : link(other, one)))
    return { at, kind: 'block', links, forMs: drawnForMs(random) }
  },
  pairs: (random, nodes, at) => {
    const one = random.pick(nodes)
    const other = random.pick(nodes.filter((node) => node !== one))
    return { at, kind: 'block', links: bothWays(one, other), forMs: drawnForMs(random) }
  },
  holes: (random, nodes, at) => ({
    at,
    kind: 'block',
    links: someLinks(random, nodes),
    forMs: drawnForMs(random, 6_000),
  }),
  clog: (random, nodes, at) => ({
    at,
    kind: 'clog',
    links: someLinks(random, nodes),
    forMs: drawnForMs(random, 8_000),
  }),
  /** Half of the nodes are silent for a primary, and when it is about to let them go it is cut off from the rest. */
  closingIn: (random, nodes, at) => {
    const [one = '', ...others] = nodes
    const gone = random.shuffled(others).slice(0, Math.floor(nodes.length / 2))
    const near = nodes.filter((node) => !gone.includes(node))
    const cut = near.flatMap((a) => gone.flatMap((b) => bothWays(a, b)))
    const tightenAt = at + random.between(2_900, 5_000)
    return [
      { at, kind: 'block', links: cut, forMs: tightenAt - at + random.between(0, 500) },
      {
        at: tightenAt,
        kind: 'block',
        links: others.flatMap((other) => bothWays(one, other)),
        forMs: random.between(3_000, 8_000),
      },
    ]
  },
  loss: (random, _nodes, at) => ({
    at,
    kind: 'loss',
    share: random.pick([0.05, 0.15, 0.3]),
    forMs: drawnForMs(random),
  }),
  latency: (random, _nodes, at) => ({
    at,
    kind: 'latency',
    ms: random.pick([20, 100, 400]),
    forMs: drawnForMs(random),
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

/** `event` as it may happen while no target is to leave the map. */
export function mild(event: SimEvent): SimEvent {
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
