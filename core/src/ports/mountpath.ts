import type { U64 } from '../algorithms/u64.ts'
import type { Bck } from '../bucket/bck.ts'
import type { Checksum } from '../object/checksum.ts'
import type { ReplyBody } from './call.ts'

/** A bucket as a disk knows it: its name gives the folder, its ID the rows. A re-created bucket has a new ID. */
export interface BucketRef {
  readonly bck: Bck
  /** BMD bucket ID, uint64. */
  readonly bid: bigint
}

/**
 * When a change counts as safe. `process`: survives kill -9 of the process. `disk`: survives power loss.
 */
export type Durability = 'process' | 'disk'

/** One part file of an object. A plain object has none. */
export interface Chunk {
  readonly partNumber: number
  readonly sizeBytes: number
  readonly checksum: Checksum
  /**
   * Lower-case hex MD5 of the part, for ETags; empty when it was not computed. Behind it, after a blank, what S3 keeps of
   * a part besides (`s3/object/part-digest.ts`).
   */
  readonly md5: string
}

/** What a mountpath knows of one object (LOM). Plain data; a new object per read. */
export interface ObjectMeta {
  readonly name: string
  readonly sizeBytes: number
  readonly checksum: Checksum
  /** `ais://` counter as text ("1", "2", ...), or the backend's; empty when versioning is off. */
  readonly version: string
  /** Access time, Unix ns. */
  readonly atimeNs: bigint
  /** Time of the last content change, Unix ns. */
  readonly mtimeNs: bigint
  /** User and backend metadata in the order they were given. */
  readonly custom: readonly (readonly [key: string, value: string])[]
  /**
   * 32 hex digits: 10 of the Smap version known at the write, 14 of its wall time in us, 8 of chance. New with every
   * change but that of the access time, and above the one it supersedes, so that comparing the text orders the
   * versions of a name over all disks and targets.
   */
  readonly generation: string
  /** Present when the content lies in chunks instead of one file. */
  readonly chunks?: readonly Chunk[] | undefined
}

/** What the caller states of a new version; the store adds name, size, mtime and, mostly, the generation. */
export interface NewObject {
  readonly checksum: Checksum
  readonly version: string
  readonly atimeNs: bigint
  readonly custom: readonly (readonly [key: string, value: string])[]
  /** Of an object that moved here: the version stays the one it was. Absent: a new one is drawn. */
  readonly generation?: string | undefined
}

/** The newest that a mountpath knows of a name: a version, or that it was deleted then. */
export interface Stamp {
  readonly generation: string
  readonly deleted: boolean
}

/** What is left of a deleted name. Its generation is above that of the version that was deleted. */
export interface Tombstone {
  readonly name: string
  readonly generation: string
}

/** How an object goes. */
export interface RemoveOptions {
  /** Only while the row has this generation. */
  readonly expect?: { readonly generation: string } | undefined
  /** It lives on elsewhere: no tombstone stays. */
  readonly moved?: boolean | undefined
  /** A tombstone stays also when nothing is here: the object may be where nobody can ask now. */
  readonly unseen?: boolean | undefined
}

/** A body being written in the work area. Readers see nothing of it until `commit`. */
export interface Draft {
  /** Bytes written so far. */
  readonly sizeBytes: number
  /** Appends; resolves, or returns nothing, when `chunk` may be reused. @throws AisError `ErrCapExceeded` on ENOSPC */
  write(chunk: Uint8Array): void | Promise<void>
  /** Removes the work file. Safe to call twice, and after `commit`. */
  discard(): Promise<void>
}

/** What is known of a body before it comes. */
export interface DraftHints {
  /** Its length when that is known; a promise of nothing. */
  readonly sizeBytes?: number | undefined
  /** `none` in the bucket: its content gets no checksums of blocks either. */
  readonly checksumType?: Checksum['type'] | undefined
  /** What its commit is expected to ask for: a small body that is to be safe on the disk needs no file of its own. */
  readonly durability?: Durability | undefined
  /** The upload whose part it is to become: it does not expire meanwhile. */
  readonly upload?: string | undefined
}

/** Of bytes on the disk against their checksums; `unknown` when there is none to check them by. */
export type Verdict = 'sound' | 'damaged' | 'unknown'

/** An append in progress: a work file that outlives a request and a restart. */
export interface AppendHandle {
  /** Opaque work-file ID, safe in a header and in a URL. */
  readonly id: string
  readonly sizeBytes: number
}

/** What most listings show of an object. */
export interface ObjectBrief extends Pick<ObjectMeta, 'name' | 'sizeBytes'> {
  /** The content lies in chunks. */
  readonly isChunked: boolean
}

export interface ListQuery {
  /** Names start with this; empty for all. */
  readonly prefix: string
  /** Names greater than this in UTF-8 byte order; empty for all. */
  readonly after: string
  /** At most this many rows, 1 to 1,000. */
  readonly limit: number
  /** Read `custom` and `chunks` as well; they cost. */
  readonly full: boolean
}

/** Where the files lie inside a shard; `archive/shard-index.ts` knows what the bytes say. */
export interface ShardIndex {
  /** Of the version of the shard that it tells of: good for no other one. */
  readonly generation: string
  readonly bytes: Uint8Array
}

/** A multipart upload as kept on disk. */
export interface Upload {
  readonly id: string
  readonly name: string
  readonly createdNs: bigint
  readonly custom: readonly (readonly [key: string, value: string])[]
}

/** An object opened for reading; its version is pinned until `close`. */
export interface OpenObject {
  readonly meta: ObjectMeta
  /**
   * Bytes `[offset, offset + length)`: slices of files, each shared and closed by `close` or by the listener that sends
   * them, or, of an object that has no file yet, the bytes themselves, which are not to be written to.
   */
  body(offset: number, length: number): Exclude<ReplyBody, { kind: 'stream' }>
  /** All bytes from `offset`, for hashing and copying. */
  read(offset?: number, length?: number): AsyncIterable<Uint8Array>
  /**
   * Checks every block that `[offset, offset + length)` touches, and no more. `unknown` for an object without block
   * checksums (it is small, or older than them): only the whole can be checked then.
   */
  verifyRange(offset: number, length: number): Promise<Verdict>
  close(): void
}

/** A small object with its content. Shared: not to be written to. */
export interface SmallObject {
  readonly meta: ObjectMeta
  /** Nothing any more once it is not kept. */
  readonly bytes: Uint8Array
  /** Whether `readSmall` would give this one again, now: a moment later it must be asked again. */
  isCurrent(): boolean
}

/**
 * One disk of a target: files and their catalog behind one seam. Promises the crash rules of
 * `docs/on-disk-layout.md`: a reader sees the old version or the new one, whatever dies between two lines.
 * Per-name exclusion is the caller's (`target/name-locks.ts`); calls on different names may overlap.
 */
export interface Mountpath {
  /** Made once, kept on the disk; hashed for placement. */
  readonly id: string
  /** `placementDigest(id)`, computed once; absent: computed with every draw. */
  readonly digest?: Readonly<U64> | undefined
  readonly path: string
  readonly label: string

  /** The row, or `undefined`. Does not touch the file. Synchronous: a catalog read is a memory read. */
  load(bucket: BucketRef, name: string): ObjectMeta | undefined
  /**
   * Opens the object's files. Size and mtime must match the row.
   * @throws AisError `ErrNotFound` no row; `ErrObjDefunct` file gone or of another size (kept for the scrub)
   */
  open(bucket: BucketRef, name: string): OpenObject | Promise<OpenObject>
  /**
   * The whole of a small object that is read often, or has no file yet, checked as by `open`. `undefined` for every
   * other one, and for what is out of the ordinary: `open` then tells.
   */
  readSmall(bucket: BucketRef, name: string): SmallObject | undefined
  /** Starts a body. `name` only labels the work file. @throws AisError `ErrCapExceeded` when over `out_of_space` */
  draft(bucket: BucketRef, name: string, hints?: DraftHints): Draft | Promise<Draft>
  /**
   * Makes `draft` the content of `name` (redo-intent commit); resolves when safe at `durability`.
   * `expect` (a generation, or `undefined` for "absent") makes it conditional. A tombstone of the name gives way.
   * @throws AisError `ErrPreempted` when `expect` does not hold, or `object.generation` is below the `stamp` of the name:
   * nothing has changed then
   */
  commit(
    bucket: BucketRef,
    name: string,
    draft: Draft,
    object: NewObject,
    durability: Durability,
    expect?: { readonly generation: string | undefined },
  ): Promise<ObjectMeta>
  /** Changes what the row says, not the content: custom metadata, atime, checksum, version. `undefined`: no such object. */
  update(
    bucket: BucketRef,
    name: string,
    patch: Partial<Pick<ObjectMeta, 'custom' | 'atimeNs' | 'checksum' | 'version'>>,
    durability: Durability,
  ): Promise<ObjectMeta | undefined>
  /**
   * `false` when there was nothing, or something else than expected. Never comes back after it resolved. Unless the
   * object moved, a tombstone stays, written in the same transaction: it keeps older versions from coming back with
   * disks or targets that were away.
   */
  remove(
    bucket: BucketRef,
    name: string,
    durability: Durability,
    options?: RemoveOptions,
  ): Promise<boolean>
  /**
   * The newest of row and tombstone. `undefined`: nothing is known of the name. Synchronous, as `load`. A tombstone is
   * forgotten ten minutes after it was made, unless disks or targets are away.
   */
  stamp(bucket: BucketRef, name: string): Stamp | undefined
  /**
   * A delete that was decided elsewhere: removes an older version, and keeps the tombstone unless something as new is
   * known here.
   */
  bury(bucket: BucketRef, name: string, generation: string, durability: Durability): Promise<void>
  /** In UTF-8 byte order of names greater than `after` (empty for all), at most `limit`, 1 to 1,000. None that a version superseded. */
  tombstones(bucket: BucketRef, after: string, limit: number): readonly Tombstone[]
  /**
   * Moves content and metadata to `to`, replacing what was there, as one atomic change on this disk. A tombstone of
   * `from` stays. @throws AisError `ErrNotFound`
   */
  rename(bucket: BucketRef, from: string, to: string, durability: Durability): Promise<ObjectMeta>
  /** Rows in UTF-8 byte order. */
  list(bucket: BucketRef, query: ListQuery): readonly ObjectMeta[]
  /** As `list`, but only what most listings show: at a quarter of its cost. */
  listBrief(bucket: BucketRef, query: Omit<ListQuery, 'full'>): readonly ObjectBrief[]

  /** What was kept for a shard, of whatever version. Synchronous, as `load`. */
  shardIndex(bucket: BucketRef, name: string): ShardIndex | undefined
  /** Keeps the index of a shard, which goes with it; `false`: the shard is another one by now. */
  storeShardIndex(bucket: BucketRef, name: string, index: ShardIndex): Promise<boolean>

  /** A new append file, or one that starts with the content of `from`. */
  appendBegin(bucket: BucketRef, name: string, from?: OpenObject): Promise<AppendHandle>
  /** Appends `chunks` at `offset` (the size so far); a shorter or longer file is an error. @throws AisError `ErrNotFound` */
  appendWrite(
    bucket: BucketRef,
    name: string,
    id: string,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<AppendHandle>
  /** The append file as a draft to be committed. @throws AisError `ErrNotFound` */
  appendDraft(
    bucket: BucketRef,
    name: string,
    id: string,
  ): Promise<Draft & { read(): AsyncIterable<Uint8Array> }>

  uploadBegin(bucket: BucketRef, upload: Upload, durability: Durability): Promise<void>
  /** `undefined` when unknown, aborted or completed. */
  uploadFind(bucket: BucketRef, id: string): Upload | undefined
  uploads(bucket: BucketRef): readonly Upload[]
  /** A draft becomes part `chunk.partNumber`; a part sent again replaces the former. @throws AisError `ErrNotFound` unknown upload */
  uploadPart(
    bucket: BucketRef,
    id: string,
    draft: Draft,
    chunk: Chunk,
    durability: Durability,
  ): Promise<void>
  /** In order of part numbers. */
  uploadParts(bucket: BucketRef, id: string): readonly Chunk[]
  /**
   * The named parts, in ascending order, become the object's chunks; other parts are dropped. Nothing is copied.
   * @param object `name`: of the object, where that is not the upload's
   * @throws AisError `ErrPreempted` as `commit`
   */
  uploadComplete(
    bucket: BucketRef,
    id: string,
    partNumbers: readonly number[],
    object: NewObject & { readonly name?: string | undefined },
    durability: Durability,
  ): Promise<ObjectMeta>
  /** `false` when unknown. */
  uploadAbort(bucket: BucketRef, id: string): Promise<boolean>

  createBucket(bucket: BucketRef): Promise<void>
  /** Renames the bucket's folder to trash and forgets its rows in steps; the bucket is empty at once. */
  destroyBucket(bucket: BucketRef): Promise<void>
  /**
   * The bucket with this ID has another name from now on; its objects stay as they are.
   * @throws AisError `ErrBckNotFound` when it is not here
   */
  renameBucket(bucket: BucketRef): Promise<void>
  /** Whether the bucket with this ID has a folder on this disk. */
  hasBucket(bid: bigint): boolean
  /** Buckets that have a folder on this disk, and their IDs. */
  buckets(): readonly BucketRef[]
  /** Counts and sizes of the objects that `list` would give, however many they are asked to be. */
  summary(bucket: BucketRef, query: Omit<ListQuery, 'full'>): ObjectSums

  capacity(): Promise<Capacity>
  /** Adopts files without a row (`rescan-mp`); resolves with the number adopted. */
  rescan(): Promise<number>
  /**
   * Removes appends and multipart uploads that nobody went on with for `graceMs`, indexes of shards that are no more, and
   * what destroyed buckets left behind;
   * resolves with how many of the former there were.
   */
  cleanUp(graceMs: number): Promise<number>
  /** Flushes what is pending, releases the lock of the disk. */
  close(): Promise<void>
}

/** Sizes in bytes; 0 of no object. */
export interface ObjectSums {
  readonly objects: number
  readonly sizeBytes: bigint
  readonly min: number
  readonly max: number
  /** Name of the last one. */
  readonly last: string | undefined
}

export interface Capacity {
  readonly totalBytes: bigint
  readonly availableBytes: bigint
  readonly usedBytes: bigint
  /** Device, as in /proc/mounts. */
  readonly device: string
  readonly fsType: string
  readonly fsId: string
  readonly disks: readonly string[]
}
