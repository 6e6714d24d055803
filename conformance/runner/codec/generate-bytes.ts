import type { GeneratedBytes } from '../model/case.ts'

/**
 * The bytes a {@link GeneratedBytes} stands for: xorshift32 from its seed, one byte a step.
 * @throws RangeError when the seed is not a positive 32-bit number (0 would give only zeroes)
 */
export function generateBytes(spec: GeneratedBytes): Buffer {
  if (!Number.isInteger(spec.seed) || spec.seed < 1 || spec.seed > 0xffffffff) {
    throw new RangeError(`seed ${spec.seed}: must be 1 to 4294967295`)
  }
  const bytes = Buffer.alloc(spec.bytes)
  let state = spec.seed | 0
  for (let index = 0; index < bytes.length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[index] = state & 0xff
  }
  return bytes.subarray(spec.from ?? 0, spec.to ?? bytes.length)
}
