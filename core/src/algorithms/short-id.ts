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

/** `undefined` unless `text` is a base 36 number of at most 13 digits that fits in 64 bits. */
export function fromBase36(text: string): bigint | undefined {
  if (!/^[0-9a-zA-Z]{1,13}$/.test(text)) return undefined
  let value = 0n
  for (const digit of text) value = value * 36n + BigInt(Number.parseInt(digit, 36))
  return value < 1n << 64n ? value : undefined
}
