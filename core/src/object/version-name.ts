/**
 * In an S3 bucket that keeps versions, every version and delete marker of a key is a row of its own, which never changes its name:
 * the key, a NUL (which no key has), and how new it is, inverted. So the rows of a key stand right behind it, the newest first, and the
 * newest is the current one. Only an object that was there before the bucket kept versions has the key itself as its name: the oldest.
 */
export type VersionKind = 'version' | 'null' | 'marker' | 'null-marker'

/** What the name of a row tells. */
export interface VersionName {
  readonly key: string
  /** Hex digits; compares as the versions of a key came about, and is the version ID of all but `null`. */
  readonly order: string
  readonly kind: VersionKind
}

/** Hex digits of the parts of an order: Smap version, wall time in us, chance. As a generation has them. */
const epochDigits = 10
const timeDigits = 14
const chanceDigits = 8
const orderDigits = epochDigits + timeDigits + chanceDigits
const orderPattern = /^[0-9a-f]{32}$/

const letters: Readonly<Record<VersionKind, string>> = {
  version: 'v',
  null: 'n',
  marker: 'm',
  'null-marker': 'd',
}

/** Bytes that a row's name is longer than its key. */
export const versionTailBytes = 1 + orderDigits + 1

const tailPattern = /^\0[0-9a-f]{32}[vnmd]$/

/** Whether this is what follows the key in the name of such a row. */
export function isVersionTail(tail: string): boolean {
  return tail.length === versionTailBytes && tailPattern.test(tail)
}

const digits = '0123456789abcdef'
const invertedDigits: Readonly<Record<string, string>> = Object.fromEntries(
  [...digits].map((digit, at) => [digit, digits[15 - at] ?? '']),
)

function inverted(order: string): string {
  let out = ''
  for (const digit of order) out += invertedDigits[digit]
  return out
}

/** The name of a row. */
export function versionRow({ key, order, kind }: VersionName): string {
  return `${key}\0${inverted(order)}${letters[kind]}`
}

/** Order of an object that was there before its bucket kept versions. */
export const oldestOrder = '0'.repeat(orderDigits)

/** What listings of versions call an object that was there before its bucket kept any: so it stands behind the others. */
export function listedRow(name: string): string {
  return name.includes('\0') ? name : versionRow({ key: name, order: oldestOrder, kind: 'null' })
}

/** The row that such a listing means. */
export function storedRow(listed: string): string {
  const key = keyOf(listed)
  return listed === listedRow(key) ? key : listed
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

/** `undefined` for a row that is named as its key. */
export function parseVersionRow(name: string): VersionName | undefined {
  const end = name.indexOf('\0')
  if (end < 0) return undefined
  const tail = name.slice(end)
  if (!isVersionTail(tail)) return undefined
  const letter = tail.slice(-1)
  const kind: VersionKind =
    letter === 'v' ? 'version' : letter === 'n' ? 'null' : letter === 'm' ? 'marker' : 'null-marker'
  return { key: name.slice(0, end), order: inverted(tail.slice(1, -1)), kind }
}

export function isMarker({ kind }: Pick<VersionName, 'kind'>): boolean {
  return kind === 'marker' || kind === 'null-marker'
}

/** Whether its version ID is `null`: of these a key has one, the newest. */
export function isNull({ kind }: Pick<VersionName, 'kind'>): boolean {
  return kind === 'null' || kind === 'null-marker'
}

/** As clients name it. */
export function versionIdOf(version: Pick<VersionName, 'order' | 'kind'>): string {
  return isNull(version) ? 'null' : version.order
}

/** Of any row. */
export function versionIdOfRow(name: string): string {
  const version = parseVersionRow(name)
  return version === undefined ? 'null' : versionIdOf(version)
}

/**
 * The order of a version that is written now: a newer map wins, then the later time; above `before` in any case.
 * @param epoch Smap version
 * @param chance eight hex digits
 */
export function orderAbove(
  before: string | undefined,
  epoch: number,
  us: bigint,
  chance: string,
): string {
  const hex = (value: number | bigint, width: number) => value.toString(16).padStart(width, '0')
  const now = hex(epoch, epochDigits) + hex(us, timeDigits)
  const last = before?.slice(0, epochDigits + timeDigits) ?? ''
  return (now > last ? now : hex(BigInt(`0x${last}`) + 1n, epochDigits + timeDigits)) + chance
}
