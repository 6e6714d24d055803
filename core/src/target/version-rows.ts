import {
  isMarker,
  isNull,
  oldestOrder,
  parseVersionRow,
  type VersionName,
  versionRow,
} from '../object/version-name.ts'
import type { Mountpath, ObjectMeta } from '../ports/mountpath.ts'
import type { Place, TargetBucket } from './target.ts'

/** Rows read at once. */
const stepRows = 1_000

/** A version of a key, or a delete marker, and the disk it is on. */
export interface Version extends VersionName {
  readonly mountpath: Mountpath
  /** Of its row. */
  readonly name: string
}

/** What is asked of a place here: its bucket, and any row of its key. */
type KeyPlace = Pick<Place, 'bucket'> & { readonly name: string }

/** Whether a bucket keeps versions, or did. */
export function isVersioned({ bucket }: { readonly bucket: TargetBucket }): boolean {
  return bucket.props.s3.versioning !== undefined
}

/** Whether a place names a key whose versions decide what is current, and no row. */
export function namesVersions({ bucket, name }: KeyPlace): boolean {
  return bucket.props.s3.versioning !== undefined && !name.includes('\0')
}

function versionAt(mountpath: Mountpath, name: string): Version | undefined {
  const parsed = parseVersionRow(name)
  return parsed && { ...parsed, mountpath, name }
}

/** The object that was there before the bucket kept versions. */
function oldest(mountpaths: readonly Mountpath[], { bucket, name: key }: KeyPlace) {
  const mountpath = mountpaths.find((disk) => disk.load(bucket, key) !== undefined)
  if (mountpath === undefined) return undefined
  const version: Version = { key, order: oldestOrder, kind: 'null', mountpath, name: key }
  return version
}

/** The newest version of a key: the current object, or a marker that says that there is none. */
export function newestVersion(
  mountpaths: readonly Mountpath[],
  place: KeyPlace,
): Version | undefined {
  const prefix = `${place.name}\0`
  let newest: Version | undefined
  for (const mountpath of mountpaths) {
    const [row] = mountpath.listBrief(place.bucket, { prefix, after: '', limit: 1 })
    const version = row && versionAt(mountpath, row.name)
    if (version && (newest === undefined || version.order > newest.order)) newest = version
  }
  return newest ?? oldest(mountpaths, place)
}

/** All versions of a key, newest first; of `null` versions all that are there, of which the newest counts. */
export function allVersions(mountpaths: readonly Mountpath[], place: KeyPlace): Version[] {
  const prefix = `${place.name}\0`
  const found = new Map<string, Version>()
  for (const mountpath of mountpaths) {
    for (let after = ''; ; ) {
      const rows = mountpath.listBrief(place.bucket, { prefix, after, limit: stepRows })
      for (const { name } of rows) {
        const version = versionAt(mountpath, name)
        if (version && !found.has(name)) found.set(name, version)
      }
      const last = rows.at(-1)
      if (last === undefined || rows.length < stepRows) break
      after = last.name
    }
  }
  const newestFirst = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return [...newestFirst, ...[oldest(mountpaths, place)].filter((version) => version !== undefined)]
}

/** The versions whose ID is `null`, newest first: one, but for what was written while the others were away. */
export function nullVersions(mountpaths: readonly Mountpath[], place: KeyPlace): Version[] {
  return allVersions(mountpaths, place).filter(isNull)
}

/** Names that the row of a version ID can have, but for `null`. */
export function rowsOfId(key: string, id: string): readonly string[] {
  return (['version', 'marker'] as const).map((kind) => versionRow({ key, order: id, kind }))
}

/** What is kept under a version ID. */
export function findVersion(
  mountpaths: readonly Mountpath[],
  place: KeyPlace,
  id: string,
): Version | undefined {
  if (id === 'null') return nullVersions(mountpaths, place)[0]
  for (const mountpath of mountpaths) {
    for (const name of rowsOfId(place.name, id)) {
      if (mountpath.load(place.bucket, name)) return versionAt(mountpath, name)
    }
  }
  return undefined
}

/** The current object of a key whose bucket keeps versions. */
export function currentVersion(
  mountpaths: readonly Mountpath[],
  place: KeyPlace,
): { readonly mountpath: Mountpath; readonly meta: ObjectMeta } | undefined {
  const newest = newestVersion(mountpaths, place)
  if (newest === undefined || isMarker(newest)) return undefined
  const { mountpath, name } = newest
  const meta = mountpath.load(place.bucket, name)
  return meta && { mountpath, meta }
}
