import { bckCname } from '@aistore-ts/core/bucket/bck.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { BucketRef } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeUint64 } from '../../catalog/encoding.ts'
import { bucketFolder } from './bucket-folder.ts'

/** A bucket that lives on this mountpath. */
export interface LocalBucket {
  readonly ref: BucketRef
  /** The key of its rows. */
  readonly bid: Uint8Array
  /** Absolute path of its folder, for now: a rename changes it. */
  readonly root: string
}

/** The buckets of one mountpath, by ID. */
export interface BucketRegistry {
  find(bid: bigint): LocalBucket | undefined
  /** @throws AisError `ErrBckNotFound` */
  get(bucket: BucketRef): LocalBucket
  add(bucket: BucketRef): LocalBucket
  /** The bucket with this ID has that name, and its folder is at `root`. What holds the bucket sees it. */
  place(bucket: BucketRef, root: string): void
  remove(bid: bigint): void
  all(): readonly LocalBucket[]
  /** Counts up when a bucket goes, or is placed elsewhere. */
  readonly changes: number
}

export function createBucketRegistry(path: string): BucketRegistry {
  const buckets = new Map<bigint, { ref: BucketRef; readonly bid: Uint8Array; root: string }>()
  let changes = 0
  return {
    get changes() {
      return changes
    },
    find: (bid) => buckets.get(bid),
    get: ({ bck, bid }) => {
      const bucket = buckets.get(bid)
      if (bucket === undefined) throw bucketNotFound(bckCname(bck))
      return bucket
    },
    add: (ref) => {
      const bid = encodeUint64(ref.bid)
      const bucket = { ref, bid, root: `${path}/${bucketFolder(ref.bck)}` }
      buckets.set(ref.bid, bucket)
      return bucket
    },
    place: (ref, root) => {
      changes++
      const bucket = buckets.get(ref.bid)
      if (bucket === undefined) throw bucketNotFound(bckCname(ref.bck))
      bucket.ref = ref
      bucket.root = root
    },
    remove: (bid) => {
      changes++
      buckets.delete(bid)
    },
    all: () => [...buckets.values()],
  }
}

/** A bucket that is unknown here. Thrown inside transactions as well. */
export function bucketNotFound(cname: string): AisError {
  return new AisError('ErrBckNotFound', `bucket ${cname} does not exist`)
}
