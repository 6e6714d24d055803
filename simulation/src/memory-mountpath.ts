import { compareUtf8 } from '@aistore-ts/core/algorithms/utf8.ts'
import { bckCname } from '@aistore-ts/core/bucket/bck.ts'
import { placementDigest } from '@aistore-ts/core/cluster/placement-digest.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type {
  BucketRef,
  Draft,
  Mountpath,
  ObjectMeta,
  OpenObject,
} from '@aistore-ts/core/ports/mountpath.ts'
import type { Random } from '@aistore-ts/core/ports/random.ts'
import {
  createGenerations,
  newerOf,
} from '@aistore-ts/storage-driver/mountpath/versions/generations.ts'
import { type DataDisk, type StoredObject, withObject } from './data-disk.ts'
import type { Host } from './host.ts'

/** Open files of one process, by descriptor. */
export class OpenFiles {
  #next = 3
  readonly #bytes = new Map<number, Uint8Array>()

  open(bytes: Uint8Array): { readonly fd: number; close(): void } {
    const fd = this.#next++
    this.#bytes.set(fd, bytes)
    return { fd, close: () => void this.#bytes.delete(fd) }
  }

  read(slice: { readonly fd: number; offset: number; length: number }): Uint8Array {
    const bytes = this.#bytes.get(slice.fd)
    if (bytes === undefined) throw new Error(`assert: file ${slice.fd} is closed`)
    return bytes.subarray(slice.offset, slice.offset + slice.length)
  }
}

export interface MemoryMountpathParts {
  readonly id: string
  readonly path: string
  readonly label: string
  readonly disk: DataDisk
  readonly host: Host
  readonly clock: Clock
  readonly random: Random
  readonly files: OpenFiles
  /** Version of the Smap in force. */
  readonly epoch: () => number
  /** Planted mistake: what comes from another target counts as written before it is safe. */
  readonly ackBeforeMovedSync?: boolean | undefined
}

interface MemoryDraft extends Draft {
  bytes(): Uint8Array
}

function newDraft(): MemoryDraft {
  const chunks: Uint8Array[] = []
  let size = 0
  return {
    get sizeBytes() {
      return size
    },
    write(chunk) {
      chunks.push(chunk.slice())
      size += chunk.length
    },
    async discard() {},
    bytes() {
      const all = new Uint8Array(size)
      let at = 0
      for (const chunk of chunks) {
        all.set(chunk, at)
        at += chunk.length
      }
      return all
    },
  }
}

function notSimulated(what: string): never {
  throw new AisError('ErrUnsupp', `${what}: no simulated workload uses it`)
}

/** One disk of a simulated target, over content that outlives the process. Whole objects only: no appends, no parts. */
export function createMemoryMountpath(parts: MemoryMountpathParts): Mountpath {
  const { id, path, label, disk, host, clock, random, files } = parts
  const nextGeneration = createGenerations(random, clock, parts.epoch)
  const drafts = new WeakMap<Draft, MemoryDraft>()

  const find = (bucket: BucketRef, name: string): StoredObject | undefined =>
    disk.content().get(bucket.bid)?.objects.get(name)

  const buried = (bucket: BucketRef, name: string): string | undefined =>
    disk.content().get(bucket.bid)?.tombstones.get(name)

  /** @throws AisError `ErrBckNotFound` before its folder is made, and after that is gone */
  function mustHave({ bid, bck }: BucketRef): void {
    if (disk.content().has(bid)) return
    throw new AisError('ErrBckNotFound', `bucket ${bckCname(bck)} does not exist`)
  }

  /** The newest generation of a name, deleted or not. */
  const known = (bucket: BucketRef, name: string): string | undefined =>
    newerOf(find(bucket, name)?.meta.generation, buried(bucket, name))

  function rows(bucket: BucketRef, prefix: string): ObjectMeta[] {
    const all = [...(disk.content().get(bucket.bid)?.objects.values() ?? [])]
    return all
      .map(({ meta }) => meta)
      .filter(({ name }) => name.startsWith(prefix))
      .sort((a, b) => compareUtf8(a.name, b.name))
  }

  function put(
    bucket: BucketRef,
    name: string,
    object: StoredObject | undefined,
    hasty?: boolean,
  ): Promise<void> {
    mustHave(bucket)
    return disk.write(host, (content) => withObject(content, bucket, name, object), hasty)
  }

  function found(bucket: BucketRef, name: string): StoredObject {
    const object = find(bucket, name)
    if (object === undefined) throw new AisError('ErrNotFound', `${name} does not exist`)
    return object
  }

  function open({ meta, bytes }: StoredObject): OpenObject {
    const file = files.open(bytes)
    return {
      meta,
      body: (offset, length) => ({ kind: 'files', slices: [{ file, offset, length }] }),
      async *read(offset = 0, length = bytes.length - offset) {
        yield bytes.slice(offset, offset + length)
      },
      verifyRange: async () => 'sound',
      close: () => file.close(),
    }
  }

  return {
    id,
    digest: placementDigest(id),
    path,
    label,
    load: (bucket, name) => find(bucket, name)?.meta,
    open: (bucket, name) => open(found(bucket, name)),
    readSmall: () => undefined,
    draft() {
      const draft = newDraft()
      drafts.set(draft, draft)
      return draft
    },
    async commit(bucket, name, draft, object, _durability, expect) {
      const before = find(bucket, name)
      if (expect !== undefined && before?.meta.generation !== expect.generation) {
        throw new AisError('ErrPreempted', `${name} has changed`)
      }
      const bytes = drafts.get(draft)?.bytes()
      if (bytes === undefined) throw new Error('assert: a draft of this disk')
      const newest = known(bucket, name)
      const generation = object.generation ?? nextGeneration(newest)
      if (newest !== undefined && generation < newest) {
        throw new AisError('ErrPreempted', `a newer version of ${name} is known`)
      }
      const meta = { ...object, name, sizeBytes: bytes.length, mtimeNs: clock.nowNs(), generation }
      const isMoved = object.generation !== undefined
      await put(bucket, name, { meta, bytes }, (isMoved && parts.ackBeforeMovedSync) || undefined)
      return meta
    },
    async update(bucket, name, patch) {
      const before = find(bucket, name)
      if (before === undefined) return undefined
      const isTouch = Object.keys(patch).every((key) => key === 'atimeNs')
      const { generation } = before.meta
      const next = isTouch ? generation : nextGeneration(known(bucket, name))
      const meta = { ...before.meta, ...patch, generation: next }
      // A version that came meanwhile stays: the row is changed as it is when its turn comes.
      await disk.change(host, (content) =>
        content.get(bucket.bid)?.objects.get(name)?.meta.generation === generation
          ? withObject(content, bucket, name, { ...before, meta })
          : content,
      )
      return meta
    },
    async remove(bucket, name, _durability, { expect, moved, unseen } = {}) {
      mustHave(bucket)
      const before = find(bucket, name)
      if (before === undefined && unseen !== true) return false
      if (expect !== undefined && expect.generation !== before?.meta.generation) return false
      const tombstone = moved ? undefined : nextGeneration(known(bucket, name))
      await disk.change(host, (content) => withObject(content, bucket, name, undefined, tombstone))
      return before !== undefined
    },
    stamp(bucket, name) {
      const generation = known(bucket, name)
      if (generation === undefined) return undefined
      return { generation, deleted: generation !== find(bucket, name)?.meta.generation }
    },
    async bury(bucket, name, generation) {
      mustHave(bucket)
      const newest = known(bucket, name)
      if (newest !== undefined && newest >= generation) return
      await disk.change(host, (content) => withObject(content, bucket, name, undefined, generation))
    },
    tombstones(bucket, after, limit) {
      return [...(disk.content().get(bucket.bid)?.tombstones ?? [])]
        .map(([name, generation]) => ({ name, generation }))
        .sort((a, b) => compareUtf8(a.name, b.name))
        .filter(({ name }) => compareUtf8(name, after) > 0)
        .slice(0, limit)
    },
    async rename(bucket, from, to) {
      const before = found(bucket, from)
      if (from === to) return before.meta
      const tombstone = nextGeneration(known(bucket, from))
      const meta = { ...before.meta, name: to, generation: nextGeneration(known(bucket, to)) }
      await disk.change(host, (content) => {
        const without = withObject(content, bucket, from, undefined, tombstone)
        return withObject(without, bucket, to, { ...before, meta })
      })
      return meta
    },
    list(bucket, { prefix, after, limit }) {
      return rows(bucket, prefix)
        .filter(({ name }) => compareUtf8(name, after) > 0)
        .slice(0, limit)
    },
    shardIndex: () => undefined,
    storeShardIndex: async () => false,
    listBrief(bucket, query) {
      const rows = this.list(bucket, { ...query, full: false })
      return rows.map((row) => ({ ...row, isChunked: row.chunks !== undefined }))
    },
    appendBegin: () => notSimulated('append'),
    appendWrite: () => notSimulated('append'),
    appendDraft: () => notSimulated('append'),
    uploadBegin: () => notSimulated('multipart upload'),
    uploadFind: () => undefined,
    uploads: () => [],
    uploadPart: () => notSimulated('multipart upload'),
    uploadParts: () => [],
    uploadComplete: () => notSimulated('multipart upload'),
    uploadAbort: async () => false,
    createBucket: (ref) =>
      disk.change(host, (content) => {
        if (content.has(ref.bid)) return content
        return new Map(content).set(ref.bid, { ref, objects: new Map(), tombstones: new Map() })
      }),
    destroyBucket: ({ bid }) =>
      disk.change(host, (content) => new Map([...content].filter(([other]) => other !== bid))),
    renameBucket: (ref) =>
      disk.change(host, (content) => {
        const bucket = content.get(ref.bid)
        return bucket === undefined ? content : new Map(content).set(ref.bid, { ...bucket, ref })
      }),
    hasBucket: (bid) => disk.content().has(bid),
    buckets: () => [...disk.content().values()].map(({ ref }) => ref),
    summary(bucket, query) {
      const found = this.list(bucket, { ...query, full: false })
      const sizes = found.map(({ sizeBytes }) => sizeBytes)
      return {
        objects: sizes.length,
        sizeBytes: BigInt(sizes.reduce((sum, size) => sum + size, 0)),
        min: Math.min(...sizes),
        max: Math.max(...sizes),
        last: found.at(-1)?.name,
      }
    },
    capacity: async () => ({
      totalBytes: 1n << 40n,
      availableBytes: 1n << 39n,
      usedBytes: 1n << 39n,
      device: path,
      fsType: 'memory',
      fsId: id,
      disks: [],
    }),
    rescan: async () => 0,
    cleanUp: async () => 0,
    async close() {},
  }
}
