import { readdirSync, readFileSync } from 'node:fs'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { parseObjectPath } from '../mountpath/objects/object-path.ts'
import { get, listNames } from './mountpath-bench.ts'
import { type AccountLine, contentOf } from './workload.ts'

/** What may be found under each name after a crash: the last acknowledged version, and one that was under way. */
export interface Account {
  /** Adds the lines of a workload, however the last of them was cut. */
  read(file: string): void
  /** Every way in which the disk disagrees; empty is good. Fixes on what was found as the new truth. */
  check(mountpath: Mountpath, bucket: BucketRef): Promise<string[]>
  readonly acknowledged: number
}

export function createAccount(): Account {
  const settled = new Map<string, number>()
  const underWay = new Map<string, Set<number>>()
  /** Names that had a version which was acknowledged, or seen after a crash. */
  const existed = new Set<string>()
  let acknowledged = 0

  const add = ({ kind, changes }: AccountLine): void => {
    for (const { name, version } of changes) {
      if (kind === 'begin') {
        const open = underWay.get(name) ?? new Set()
        underWay.set(name, open.add(version))
      } else {
        acknowledged++
        settled.set(name, version)
        if (version > 0) existed.add(name)
        underWay.delete(name)
      }
    }
  }

  return {
    read: (file) => {
      for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) add(JSON.parse(line))
    },
    check: async (mountpath, bucket) => {
      const problems: string[] = []
      const names = new Set([...settled.keys(), ...underWay.keys()])
      for (const name of listNames(mountpath, bucket)) {
        if (!names.has(name)) problems.push(`${name} is there and was never written`)
      }
      for (const name of names) {
        const allowed = new Set(underWay.get(name)).add(settled.get(name) ?? 0)
        const found = await versionAt(mountpath, bucket, name)
        if (typeof found === 'string') problems.push(`${name}: ${found}`)
        else {
          if (!allowed.has(found)) {
            problems.push(`${name} is at ${found}, and should be at one of ${[...allowed]}`)
          }
          const deleted = mountpath.stamp(bucket, name)?.deleted ?? false
          if (found > 0 && deleted) problems.push(`${name} is there and has a newer tombstone`)
          if (found === 0 && existed.has(name) && !deleted) {
            problems.push(`${name} is gone without a tombstone`)
          }
          if (found > 0) existed.add(name)
          settled.set(name, found)
        }
      }
      underWay.clear()
      return problems
    },
    get acknowledged() {
      return acknowledged
    },
  }
}

/** The version of the content, 0 for none; a sentence when it is broken. */
async function versionAt(
  mountpath: Mountpath,
  bucket: BucketRef,
  name: string,
): Promise<number | string> {
  const meta = mountpath.load(bucket, name)
  if (meta === undefined) return 0
  const version = Number(meta.version)
  try {
    const bytes = Buffer.from(await get(mountpath, bucket, name))
    const author = /^(.*)#(\d+)\n/.exec(bytes.toString())?.[1]
    if (author === undefined) return `unreadable content of ${bytes.length} bytes`
    if (await isJudgedDamaged(mountpath, bucket, name)) return 'another block list'
    // A renamed object still tells the name it was written under.
    return bytes.equals(contentOf(author, version)) ? version : 'torn content'
  } catch (error) {
    return String(error)
  }
}

/** Whether its block checksums, if it has any, are those of other content. */
async function isJudgedDamaged(
  mountpath: Mountpath,
  bucket: BucketRef,
  name: string,
): Promise<boolean> {
  const object = await mountpath.open(bucket, name)
  try {
    return (await object.verifyRange(0, object.meta.sizeBytes)) === 'damaged'
  } finally {
    object.close()
  }
}

/** Small bodies that have no file yet. */
export function openBodies(path: string): number {
  const catalog = openSqlite(`${path}/.ais/catalog.db`, { readOnly: true })
  const row = catalog.prepare('SELECT count(*) AS bodies FROM inline_body').get()
  catalog.close()
  return Number(row?.bodies)
}

/** Work files that no append owns, and object files without a row, that a recovered mountpath must not have. */
export function strayFiles(mountpath: Mountpath, bucket: BucketRef): string[] {
  const root = `${mountpath.path}/@${bucket.bck.provider}/${bucket.bck.name}`
  const walk = (folder: string): string[] =>
    readdirSync(`${root}/${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length + 1))
  const catalog = openSqlite(`${mountpath.path}/.ais/catalog.db`, { readOnly: true })
  const appends = new Set(
    catalog
      .prepare('SELECT work FROM append')
      .all()
      .map(({ work }) => work),
  )
  catalog.close()
  return [
    ...walk('%wk').filter((path) => !appends.has(path)),
    ...[...walk('%ob'), ...walk('%ox')].filter((path) => {
      const place = parseObjectPath(path)
      return place === undefined || mountpath.load(bucket, place.name) === undefined
    }),
  ]
}
