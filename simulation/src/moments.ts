import { type Link, link } from './network.ts'
import type { SeededRandom } from './seeded-random.ts'

/** When the first fault may come: by then a cluster in health is complete. */
export const faultsFromMs = 3_000

/** Up to `most` moments at which something is done, in a `share` of the seeds. */
export function moments(
  random: SeededRandom,
  share: number,
  most: number,
  healAt: number,
): number[] {
  if (!random.chance(share)) return []
  const count = random.between(1, most)
  return Array.from({ length: count }, () => random.between(faultsFromMs, healAt - 1))
}

/** Whoever is asked: a number that the gateways there are divide. */
export const anyGateway = (random: SeededRandom) => random.below(1_000)

/** How long a fault lasts. */
export const drawnForMs = (random: SeededRandom, most = 12_000) => random.between(300, most)

/** Both directions between two nodes. */
export const bothWays = (a: string, b: string): Link[] => [link(a, b), link(b, a)]
