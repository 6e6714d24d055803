import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { globalNamespace } from '@aistore-ts/core/bucket/bck.ts'
import { type Checksum, checksumHexLength } from '@aistore-ts/core/object/checksum.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type {
  BucketRef,
  Durability,
  Mountpath,
  NewObject,
  ObjectMeta,
} from '@aistore-ts/core/ports/mountpath.ts'
import { createFileSystem } from '@aistore-ts/runtime-adapters/node/file-system.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { createSqliteCheckpoint } from '@aistore-ts/runtime-adapters/node/sqlite-checkpoint.ts'
import type { MountpathOptions } from '../mountpath/context.ts'
import { openMountpath } from '../mountpath/open-mountpath.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'

/** `ais://<name>` as the disk knows it. */
export function bucketRef(name: string, bid: bigint): BucketRef {
  return { bck: { name, provider: 'ais', namespace: globalNamespace }, bid }
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function md5(bytes: Uint8Array): Checksum {
  return { type: 'md5', value: createHash('md5').update(bytes).digest('hex') }
}

/** Everything that a caller states of a new version of `bytes`. */
export function newObject(bytes: Uint8Array, version = '1'): NewObject {
  return { checksum: md5(bytes), version, atimeNs: 1_700_000_000_123_456_789n, custom: [] }
}

/** Options over the real disk. Every digest is MD5, which Node has built in, cut to the length of its type. */
export function mountpathOptions(clock: ManualClock): MountpathOptions {
  const silent = () => {}
  let counter = 0
  return {
    files: createFileSystem(),
    sqlite: openSqlite,
    sqliteCheckpoint: createSqliteCheckpoint(),
    clock,
    // Unlike in every bench of every process: two of them may share a disk one after the other.
    random: {
      bytes: (length) => {
        const seed = `${process.pid}.${process.hrtime.bigint()}.${++counter}`
        return createHash('sha512').update(seed).digest().subarray(0, length)
      },
    },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    createHasher: (type) => {
      const hash = createHash('md5')
      const length = checksumHexLength[type]
      return {
        update: (chunk) => void hash.update(chunk),
        digestHex: () => hash.digest('hex').slice(0, length),
      }
    },
    limits: { reserveBytes: 64 * 1024 },
  }
}

export interface Bench {
  readonly path: string
  readonly clock: ManualClock
  readonly bucket: BucketRef
  readonly files: FileSystem
  open(options?: Partial<MountpathOptions>): Promise<Mountpath>
  /** Closes what is open and removes the folder. */
  end(): Promise<void>
}

/** A folder of its own with one bucket, `ais://bench`, in it once it is opened. */
export function createBench(): Bench {
  const top = mkdtempSync(join(tmpdir(), 'mountpath-'))
  const path = join(top, 'mp')
  mkdirSync(path)
  const clock = createManualClock()
  const bucket = bucketRef('bench', 0xfedcba9876543210n)
  const base = mountpathOptions(clock)
  const opened: Mountpath[] = []
  return {
    path,
    clock,
    bucket,
    files: base.files,
    open: async (options) => {
      const mountpath = await openMountpath(path, { ...base, ...options })
      opened.push(mountpath)
      await mountpath.createBucket(bucket)
      return mountpath
    },
    end: async () => {
      await Promise.allSettled(opened.map((mountpath) => mountpath.close()))
      rmSync(top, { recursive: true, force: true })
    },
  }
}

/** Writes `content` as `name`. */
export async function put(
  mountpath: Mountpath,
  bucket: BucketRef,
  name: string,
  content: string | Uint8Array,
  durability: Durability = 'process',
): Promise<ObjectMeta> {
  const bytes = typeof content === 'string' ? bytesOf(content) : content
  const draft = await mountpath.draft(bucket, name, { durability })
  try {
    await draft.write(bytes)
    return await mountpath.commit(bucket, name, draft, newObject(bytes), durability)
  } finally {
    await draft.discard()
  }
}

/** Sends `bytes` as a part of the upload `id`. */
export async function putPart(
  mountpath: Mountpath,
  bucket: BucketRef,
  id: string,
  partNumber: number,
  bytes: Uint8Array,
): Promise<void> {
  const draft = await mountpath.draft(bucket, 'part', { upload: id })
  try {
    await draft.write(bytes)
    const { checksum } = newObject(bytes)
    const chunk = { partNumber, sizeBytes: bytes.byteLength, checksum, md5: '' }
    await mountpath.uploadPart(bucket, id, draft, chunk, 'process')
  } finally {
    await draft.discard()
  }
}

/** Writes `parts` as the chunked object `name`; its upload is `up-` and the name. */
export async function putChunked(
  mountpath: Mountpath,
  bucket: BucketRef,
  name: string,
  parts: readonly Uint8Array[],
): Promise<void> {
  const id = `up-${name}`
  await mountpath.uploadBegin(bucket, { id, name, createdNs: 1n, custom: [] }, 'process')
  for (const [at, bytes] of parts.entries()) await putPart(mountpath, bucket, id, at + 1, bytes)
  const numbers = parts.map((_, at) => at + 1)
  const object = newObject(Buffer.concat(parts))
  await mountpath.uploadComplete(bucket, id, numbers, object, 'process')
}

/** The content of `name`. */
export async function get(
  mountpath: Mountpath,
  bucket: BucketRef,
  name: string,
): Promise<Uint8Array> {
  const object = await mountpath.open(bucket, name)
  try {
    const chunks: Uint8Array[] = []
    for await (const chunk of object.read()) chunks.push(chunk)
    return Buffer.concat(chunks)
  } finally {
    object.close()
  }
}

export async function getText(
  mountpath: Mountpath,
  bucket: BucketRef,
  name: string,
): Promise<string> {
  return new TextDecoder().decode(await get(mountpath, bucket, name))
}

/** Every name of the bucket, by pages of `limit`. */
export function listNames(mountpath: Mountpath, bucket: BucketRef, limit = 1_000): string[] {
  const names: string[] = []
  for (;;) {
    const after = names.at(-1) ?? ''
    const page = mountpath.list(bucket, { prefix: '', after, limit, full: false })
    names.push(...page.map(({ name }) => name))
    if (page.length < limit) return names
  }
}
