/**
 * Former versions and delete markers of an S3 bucket are rows of the same catalog, named by their key, a NUL (which no key
 * has), and how new they are, inverted: so they stand right behind their key, the newest first.
 */
export type VersionKind = 'version' | 'null' | 'marker' | 'null-marker'

/** A row of a former version or of a delete marker. */
export interface KeptVersion {
  readonly key: string
  /** Hex digits; compares as the versions of a key came about, and is the version ID of all but `null`. */
  readonly order: string
  readonly kind: VersionKind
}

/** Time in us, and chance. */
const orderDigits = 22
const orderPattern = /^[0-9a-f]{22}$/

const letters: Readonly<Record<VersionKind, string>> = {
  version: 'v',
  null: 'n',
  marker: 'm',
  'null-marker': 'd',
}

/** Bytes that a row's name is longer than its key. */
export const versionTailBytes = 1 + orderDigits + 1

const tailPattern = /^\0[0-9a-f]{22}[vnmd]$/

/** Whether this is what follows the key in the name of such a row. */
export function isVersionTail(tail: string): boolean {
  return tail.length === versionTailBytes && tailPattern.test(tail)
}

function inverted(order: string): string {
  return order.replace(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16))
}

/** The row of a former version or a marker. */
export function versionRow({ key, order, kind }: KeptVersion): string {
  return `${key}\0${inverted(order)}${letters[kind]}`
}

/** Whether text can be an order, and so a version ID. */
export function isOrder(text: string): boolean {
  return orderPattern.test(text)
}

/** The greatest name of the rows of `key` that are as new as `order`, or newer. */
export function pastOrder(key: string, order: string): string {
  return `${key}\0${inverted(order)}~`
}

/** Greater than the names of all rows of `key`. */
export function pastVersions(key: string): string {
  return `${key}\0~`
}

/** The key of any row. */
export function keyOf(name: string): string {
  const end = name.indexOf('\0')
  return end < 0 ? name : name.slice(0, end)
}

/** `undefined` for the row of a current object. */
export function parseVersionRow(name: string): KeptVersion | undefined {
  const end = name.indexOf('\0')
  if (end < 0) return undefined
  const tail = name.slice(end)
  if (!isVersionTail(tail)) return undefined
  const letter = tail.slice(-1)
  const kind: VersionKind =
    letter === 'v' ? 'version' : letter === 'n' ? 'null' : letter === 'm' ? 'marker' : 'null-marker'
  return { key: name.slice(0, end), order: inverted(tail.slice(1, -1)), kind }
}

export function isMarker({ kind }: Pick<KeptVersion, 'kind'>): boolean {
  return kind === 'marker' || kind === 'null-marker'
}

/** As clients name it. */
export function versionIdOf({ order, kind }: Pick<KeptVersion, 'order' | 'kind'>): string {
  return kind === 'version' || kind === 'marker' ? order : 'null'
}

/** The least order above `before` by its time part, or that of `us` when that is later. */
export function orderAbove(before: string | undefined, us: bigint, chance: string): string {
  const digits = orderDigits - 8
  const now = us.toString(16).padStart(digits, '0')
  const last = before?.slice(0, digits) ?? ''
  const time = now > last ? now : (BigInt(`0x${last}`) + 1n).toString(16).padStart(digits, '0')
  return time + chance
}
