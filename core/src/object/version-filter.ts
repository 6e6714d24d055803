import {
  isMarker,
  isNull,
  keyOf,
  listedRow,
  parseVersionRow,
  pastVersions,
} from './version-name.ts'

/** A row, and the name that a listing gives it. */
export interface Told<R> {
  readonly name: string
  readonly row: R
}

/** Which rows of a bucket that keeps versions a listing tells, and as what. */
export interface VersionFilter<R> {
  /** The next row in the order of names; what is told now. */
  take(name: string, row: R): readonly Told<R>[]
  /** In place of a row: it was deleted. Nothing older comes to light that was away then. */
  bury(name: string): readonly Told<R>[]
  /** No row of the last key comes any more; what is told of it still. */
  finish(): readonly Told<R>[]
  /** Up to this nothing is told; `undefined` while the next row may be. */
  skippable(): string | undefined
}

/** Older versions of a key that are passed one by one; past them the rest is skipped at once. */
const passedVersions = 16

/**
 * The object that was there before versions is the oldest of its key, but its row comes first: it is held back until the others
 * were told. Of `null` versions the newest counts.
 * @param all every version and delete marker; else current objects, by their keys
 */
export function createVersionFilter<R>(all: boolean): VersionFilter<R> {
  let key: string | undefined
  let last: string | undefined
  let held: { readonly row: R } | undefined
  /** Rows of versions of the key. */
  let seen = 0
  let hasNull = false

  function finish(): readonly Told<R>[] {
    const oldest = held
    held = undefined
    if (oldest === undefined || key === undefined || hasNull || (!all && seen > 0)) return []
    return [{ name: all ? listedRow(key) : key, row: oldest.row }]
  }

  function versionOf(name: string, row: R): readonly Told<R>[] {
    const version = parseVersionRow(name)
    if (version === undefined) {
      held = { row }
      return []
    }
    if (isNull(version)) {
      if (hasNull) return []
      hasNull = true
    }
    seen += 1
    if (all) return [{ name, row }]
    return seen === 1 && !isMarker(version) ? [{ name: version.key, row }] : []
  }

  /** What is told of the key before, when this is the first row of another. */
  function begin(name: string): readonly Told<R>[] {
    const own = keyOf(name)
    if (own === key) return []
    const before = finish()
    key = own
    seen = 0
    hasNull = false
    return before
  }

  return {
    take(name, row) {
      // While it moves from disk to disk it is on both.
      if (name === last) return []
      last = name
      return [...begin(name), ...versionOf(name, row)]
    },
    bury(name) {
      const before = begin(name)
      const version = parseVersionRow(name)
      if (version !== undefined && isNull(version)) hasNull = true
      return before
    },
    finish,
    skippable() {
      return !all && seen >= passedVersions && key !== undefined ? pastVersions(key) : undefined
    },
  }
}

/** Where a listing goes on. */
export interface ListStart {
  /** Rows greater than this are read. */
  readonly from: string
  /** A key of which only some versions were told: all its rows are read before the others. */
  readonly key?: string | undefined
}

/** @param after what was told last, a virtual directory, or empty */
export function startAfter(after: string, all: boolean): ListStart {
  if (after === '') return { from: '' }
  const key = keyOf(after)
  const from = pastVersions(key)
  if (!all) return { from }
  if (key === after) return { from: after }
  return after === from ? { from } : { from, key }
}

/** The rest of what is told of a key whose versions were told up to `after`. */
export function behind<R>(after: string, told: readonly Told<R>[]): readonly Told<R>[] {
  if (after !== afterNull(keyOf(after))) return told.filter(({ name }) => name > after)
  const at = told.findIndex(({ name }) => {
    const version = parseVersionRow(name)
    return version !== undefined && isNull(version)
  })
  return at < 0 ? [] : told.slice(at + 1)
}

/** Stands for the `null` version of a key, wherever it is in the order, as what a listing told last. */
export function afterNull(key: string): string {
  return `${key}\0null`
}
