import type { Random } from '../ports/random.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const alphanumerics = `${letters}0123456789`
const nice = `${alphanumerics}-_`

/** Length of a generated job or session ID. Upstream's are 9 or more. */
const uuidLength = 9
/** Length of a generated node ID. @see AIStore cmn/cos/uuid.go */
const nodeIdLength = 8
const idLengthMax = 32

/** `length` characters drawn evenly from `alphabet` (at most 64 characters). */
export function draw(random: Random, alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of random.bytes(length * 2)) {
      // Bytes past the last whole multiple would favour the first letters.
      if (byte < limit && text.length < length) text += alphabet.charAt(byte % alphabet.length)
    }
  }
  return text
}

/**
 * A new job, session or upload ID in upstream's form: starts with a letter, does not end in `-` or `_`,
 * never looks like a rebalance ID (`g12`), and passes `isValidUuid`.
 */
export function shortId(random: Random): string {
  for (;;) {
    const middle = draw(random, nice, uuidLength - 2)
    const id = draw(random, letters, 1) + middle + draw(random, alphanumerics, 1)
    if (!isRebalanceId(id)) return id
  }
}

/** A node ID: 8 letters and digits, the first a letter. `suffix` marks development nodes (`VCft8081`). */
export function generateNodeId(random: Random, suffix = ''): string {
  const length = Math.max(nodeIdLength - suffix.length, 3)
  return draw(random, letters, 1) + draw(random, alphanumerics, length - 1) + suffix
}

/** `g<N>`: the ID of rebalance generation N. */
export function isRebalanceId(id: string): boolean {
  return /^g[0-9]+$/.test(id)
}

/** Letters, digits, `-` and `_` inside, not at the ends; at most 32 characters. @see AIStore cmn/cos/uuid.go */
export function isAlphaNice(text: string): boolean {
  return text.length <= idLengthMax && /^([A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)?$/.test(text)
}

/** An ID of a job as clients may send it: at least 9 nice characters. */
export function isValidUuid(text: string): boolean {
  return text.length >= uuidLength && isAlphaNice(text)
}

/** Unsigned integer in base 36, lower case: `utm` of a redirect, suffix of an ETag. */
export function toBase36(value: bigint): string {
  return value.toString(36)
}

const base36Text = /^[0-9a-zA-Z]{1,13}$/
/** So many digits of base 36 are a double exactly. */
const exactDigits = 10
const exactRange = 36n ** 10n

/** `undefined` unless `text` is a base 36 number of at most 13 digits that fits in 64 bits. */
export function fromBase36(text: string): bigint | undefined {
  if (!base36Text.test(text)) return undefined
  if (text.length <= exactDigits) return BigInt(Number.parseInt(text, 36))
  const high = BigInt(Number.parseInt(text.slice(0, -exactDigits), 36))
  const value = high * exactRange + BigInt(Number.parseInt(text.slice(-exactDigits), 36))
  return value < 1n << 64n ? value : undefined
}

/** As `fromBase36`, the nearest double: for what need not be exact beyond 2^53. */
export function numberOfBase36(text: string): number | undefined {
  const value = base36Text.test(text) ? Number.parseInt(text, 36) : undefined
  return value === undefined || value <= 2 ** 64 ? value : undefined
}
