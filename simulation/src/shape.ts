import type { SeededRandom } from './seeded-random.ts'

/** How many nodes of each role, and which gateways may not lead. */
export interface Shape {
  readonly proxies: number
  readonly targets: number
  readonly nonElectable: readonly string[]
  /** Nodes that come only with their `start` event. */
  readonly late: readonly string[]
}

export const nodeNames = (role: 'proxy' | 'target', count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${role}-${at + 1}`)

const smallShapes = [
  [1, 1],
  [1, 3],
  [2, 1],
  [2, 2],
] as const

/** A shape of 1 to 7 gateways and 1 to 9 targets, small ones more often. */
export function drawShape(random: SeededRandom): Shape {
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
