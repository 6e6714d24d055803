import { draw } from '../algorithms/short-id.ts'
import type { Random } from '../ports/random.ts'

const startAlphabet = '0123456789abcdefghijklmnopqrstuvwxyz'
/** Characters that tell one start of a node from another. */
const startLength = 6

/** Counts for each target: never the same for one of them, from one start of this node or another. */
export function createNonces(random: Random): (targetId: string) => string {
  const start = draw(random, startAlphabet, startLength)
  const counts = new Map<string, number>()
  return (targetId) => {
    const count = counts.get(targetId) ?? 0
    counts.set(targetId, count + 1)
    return `${start}.${count.toString(36)}`
  }
}
