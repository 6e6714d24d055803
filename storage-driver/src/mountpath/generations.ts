import type { Random } from '@aistore-ts/core/ports/random.ts'
import { encodeHex } from '../catalog/encoding.ts'

const generationBytes = 16

/** Generations drawn from chance at once: asking the system for each costs more than all else it takes. */
const drawnAtOnce = 64

/** Gives 128 random bits as 32 hex digits with each call, never the same twice. */
export function createGenerations(random: Random): () => string {
  let drawn = new Uint8Array(0)
  let at = 0
  return () => {
    if (at === drawn.byteLength) {
      drawn = Uint8Array.from(random.bytes(generationBytes * drawnAtOnce))
      at = 0
    }
    at += generationBytes
    return encodeHex(drawn.subarray(at - generationBytes, at))
  }
}
