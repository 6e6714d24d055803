import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { Random } from '@aistore-ts/core/ports/random.ts'
import { encodeHex } from '../../catalog/encoding.ts'

/** Hex digits of the parts of a generation: Smap version, wall time in us, chance. */
const epochDigits = 10
const timeDigits = 14
const orderDigits = epochDigits + timeDigits
const chanceBytes = 4

/** So much of a time is written anew for each generation, us and hex digits: small integers are written fast. */
const spanDigits = 6
const spanUs = 16 ** spanDigits

/** Generations drawn from chance at once: asking the system for each costs more than all else it takes. */
const drawnAtOnce = 256

/** Gives the generation of a new version: above `superseded`, when the name has one that it supersedes. */
export type NextGeneration = (superseded?: string | undefined) => string

/**
 * Generations of one mountpath, 32 hex digits whose text is their order. Of two versions of any name the one that was
 * written under the newer Smap is the greater; under the same Smap the later one, by a wall time that does not go back
 * while the mountpath is open. What supersedes is greater whatever clock and map say.
 * @param epoch version of the Smap in force
 */
export function createGenerations(
  random: Random,
  clock: Pick<Clock, 'nowNs'>,
  epoch: () => number,
): NextGeneration {
  let drawn = ''
  let at = 0
  let lastUs = 0

  const chance = (): string => {
    if (at === drawn.length) {
      drawn = encodeHex(random.bytes(chanceBytes * drawnAtOnce))
      at = 0
    }
    at += 2 * chanceBytes
    return drawn.slice(at - 2 * chanceBytes, at)
  }

  // The greater part of the time is the same for 17 s, and the map's version for longer.
  let ofEpoch = -1
  let ofSpan = -1
  let known = ''
  const order = (version: number, us: number): string => {
    const span = Math.floor(us / spanUs)
    if (version !== ofEpoch || span !== ofSpan) {
      ofEpoch = version
      ofSpan = span
      known = orderOf(version, us).slice(0, -spanDigits)
    }
    return known + (us - span * spanUs + spanUs).toString(16).slice(1)
  }

  return (superseded = '') => {
    lastUs = Math.max(lastUs, Number(clock.nowNs() / 1_000n))
    const now = order(epoch(), lastUs)
    const before = superseded.slice(0, orderDigits)
    return (now > before ? now : successor(before)) + chance()
  }
}

/** The generation of content of which only its time is known: below all that were written under a Smap. */
export function generationOfTime(mtimeNs: bigint): string {
  const us = mtimeNs > 0n ? Number(mtimeNs / 1_000n) : 0
  return orderOf(0, us) + '0'.repeat(2 * chanceBytes)
}

/** The greater of two generations, of which either may be missing. */
export function newerOf(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}

function orderOf(epoch: number, us: number): string {
  return epoch.toString(16).padStart(epochDigits, '0') + us.toString(16).padStart(timeDigits, '0')
}

function successor(order: string): string {
  return (BigInt(`0x${order}`) + 1n).toString(16).padStart(orderDigits, '0')
}
