import { findProvider } from '@aistore-ts/core/bucket/bck.ts'
import type { BucketRef } from '@aistore-ts/core/ports/mountpath.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { bytesOf, decodeUint64, encodeUint64, textOf } from './encoding.ts'

/** Buckets that live on the mountpath, and destroyed ones whose rows are still to be deleted. */
export interface BucketTable {
  store(bucket: BucketRef): void
  remove(bid: bigint): void
  all(): readonly BucketRef[]
  addPurge(bid: bigint): void
  removePurge(bid: bigint): void
  purges(): readonly bigint[]
}

export function createBucketTable(db: SqliteDatabase): BucketTable {
  const store = db.prepare(
    'INSERT OR REPLACE INTO bucket (bid, provider, ns_uuid, ns_name, name) VALUES (?, ?, ?, ?, ?)',
  )
  const remove = db.prepare('DELETE FROM bucket WHERE bid = ?')
  const all = db.prepare('SELECT * FROM bucket')
  const addPurge = db.prepare('INSERT OR IGNORE INTO purge (bid) VALUES (?)')
  const removePurge = db.prepare('DELETE FROM purge WHERE bid = ?')
  const purges = db.prepare('SELECT bid FROM purge')
  return {
    store: ({ bck, bid }) => {
      const { uuid, name } = bck.namespace
      store.run(encodeUint64(bid), bck.provider, uuid, name, bck.name)
    },
    remove: (bid) => {
      remove.run(encodeUint64(bid))
    },
    all: () =>
      all.all().map((row) => {
        const provider = findProvider(textOf(row, 'provider'))
        if (provider === undefined) throw new Error('catalog holds a bucket of unknown provider')
        const namespace = { uuid: textOf(row, 'ns_uuid'), name: textOf(row, 'ns_name') }
        return {
          bck: { name: textOf(row, 'name'), provider, namespace },
          bid: decodeUint64(bytesOf(row, 'bid')),
        }
      }),
    addPurge: (bid) => {
      addPurge.run(encodeUint64(bid))
    },
    removePurge: (bid) => {
      removePurge.run(encodeUint64(bid))
    },
    purges: () => purges.all().map((row) => decodeUint64(bytesOf(row, 'bid'))),
  }
}
