/** A CRC whose register is reflected, and starts and ends inverted: CRC-32, CRC-32C, CRC-64/NVME. */
export interface ReflectedCrc {
  readonly bits: 32 | 64
  /** Reflected polynomial without its highest term. */
  readonly polynomial: bigint
}

export const crc32: ReflectedCrc = { bits: 32, polynomial: 0xedb88320n }
export const crc32c: ReflectedCrc = { bits: 32, polynomial: 0x82f63b78n }
export const crc64nvme: ReflectedCrc = { bits: 64, polynomial: 0x9a6c9329ac4bc9b5n }

/** `a * b` modulo the polynomial; the highest bit stands for x^0. */
function multiply({ bits, polynomial }: ReflectedCrc, a: bigint, b: bigint): bigint {
  let product = 0n
  let factor = b
  for (let bit = 1n << BigInt(bits - 1); bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= factor
    factor = (factor & 1n) === 0n ? factor >> 1n : (factor >> 1n) ^ polynomial
  }
  return product
}

/** x^(8 * bytes) modulo the polynomial: what a CRC is multiplied by when so many bytes follow. */
function shiftOf(crc: ReflectedCrc, bytes: number): bigint {
  const one = 1n << BigInt(crc.bits - 1)
  let power = one >> 8n
  let result = one
  for (let left = BigInt(bytes); left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = multiply(crc, power, result)
    power = multiply(crc, power, power)
  }
  return result
}

/**
 * The CRC of pieces one after the other, from the CRC and the length of each. Pieces of one length cost little each.
 * @see zlib crc32_combine, after Mark Adler
 */
export function combineCrc(
  crc: ReflectedCrc,
  pieces: readonly { readonly value: bigint; readonly bytes: number }[],
): bigint {
  const shifts = new Map<number, bigint>()
  let whole = 0n
  for (const { value, bytes } of pieces) {
    const shift = shifts.get(bytes) ?? shiftOf(crc, bytes)
    shifts.set(bytes, shift)
    whole = multiply(crc, shift, whole) ^ value
  }
  return whole
}
