import type { Random } from '@aistore-ts/core/ports/random.ts'

/** Most bytes `getRandomValues` gives at once. */
const drawBytesMax = 65_536

/** The runtime's own source of chance, fit for secrets. */
export const cryptoRandom: Random = {
  bytes(length) {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += drawBytesMax) {
      crypto.getRandomValues(bytes.subarray(at, Math.min(at + drawBytesMax, length)))
    }
    return bytes
  },
}
