import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { bytesOf, microseconds, numberOf, remainderNs, textOf, timeNs } from './encoding.ts'

/**
 * `put`: a work file becomes the object's file. `move`: the file of another object does. `remove`: the file goes; its
 * intent is the tombstone. `manifest`: parts become the content. `part`: a work file becomes a part.
 */
export const intentKinds = ['put', 'move', 'remove', 'manifest', 'part'] as const

export type IntentKind = (typeof intentKinds)[number]

/** What makes a file that file, whatever its path. */
export interface FileIdentity {
  readonly sizeBytes: number
  readonly inode: number
  readonly mtimeNs: bigint
}

export function sameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.inode === b.inode && a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs
}

/** A change whose row is committed, and whose file operation may not have reached the disk yet. */
export interface Intent {
  readonly seq: number
  readonly bid: Uint8Array
  /** Object name; for `part` the upload's ID. */
  readonly name: string
  readonly kind: IntentKind
  /** Paths below the bucket's folder; empty where the kind has none. */
  readonly source: string
  readonly target: string
  /** The content was synced before the intent was written. */
  readonly synced: boolean
  readonly file: FileIdentity
  /** The row before it, as `encodeSuperseded` wrote it. */
  readonly superseded: string | null
}

export interface IntentTable {
  add(intent: Intent): void
  /** The file went to the escaped folder in the end. */
  retarget(seq: number, target: string): void
  /** Drops `from` to `to`, both included. */
  drop(from: number, to: number): void
  dropBucket(bid: Uint8Array): void
  has(bid: Uint8Array, name: string): boolean
  /** Newest first. */
  all(): readonly Intent[]
  /** The greatest `seq`, 0 when there is none. */
  last(): number
}

export function createIntentTable(db: SqliteDatabase): IntentTable {
  const add = db.prepare(
    `INSERT INTO intent (seq, bid, name, kind, source, target, synced, size, inode, mtime_us,
       mtime_ns, superseded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const retarget = db.prepare('UPDATE intent SET target = ? WHERE seq = ?')
  const drop = db.prepare('DELETE FROM intent WHERE seq BETWEEN ? AND ?')
  const dropBucket = db.prepare('DELETE FROM intent WHERE bid = ?')
  const has = db.prepare('SELECT 1 FROM intent WHERE bid = ? AND name = ? LIMIT 1')
  const all = db.prepare('SELECT * FROM intent ORDER BY seq DESC')
  const last = db.prepare('SELECT coalesce(max(seq), 0) AS last FROM intent')
  return {
    add: (intent) => {
      add.run(
        intent.seq,
        intent.bid,
        intent.name,
        intent.kind,
        intent.source,
        intent.target,
        intent.synced ? 1 : 0,
        intent.file.sizeBytes,
        intent.file.inode,
        microseconds(intent.file.mtimeNs),
        remainderNs(intent.file.mtimeNs),
        intent.superseded,
      )
    },
    retarget: (seq, target) => {
      retarget.run(target, seq)
    },
    drop: (from, to) => {
      drop.run(from, to)
    },
    dropBucket: (bid) => {
      dropBucket.run(bid)
    },
    has: (bid, name) => has.get(bid, name) !== undefined,
    all: () =>
      all.all().map((row) => {
        const kind = intentKinds.find((known) => known === row.kind)
        if (kind === undefined) throw new Error('catalog holds an intent of unknown kind')
        return {
          seq: numberOf(row, 'seq'),
          bid: bytesOf(row, 'bid'),
          name: textOf(row, 'name'),
          kind,
          source: textOf(row, 'source'),
          target: textOf(row, 'target'),
          synced: numberOf(row, 'synced') === 1,
          file: {
            sizeBytes: numberOf(row, 'size'),
            inode: numberOf(row, 'inode'),
            mtimeNs: timeNs(numberOf(row, 'mtime_us'), numberOf(row, 'mtime_ns')),
          },
          superseded: row.superseded === null ? null : textOf(row, 'superseded'),
        }
      }),
    last: () => numberOf(last.get() ?? { last: 0 }, 'last'),
  }
}
