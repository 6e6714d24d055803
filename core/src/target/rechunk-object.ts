import { shortId } from '../algorithms/short-id.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Chunk, Mountpath, ObjectMeta, OpenObject } from '../ports/mountpath.ts'
import { durabilityOf } from './durability.ts'
import { findObject, type Place, type TargetNode } from './target.ts'
import { writeOwned } from './write-owned.ts'

/** How the content of an object is to lie on its disk. */
export interface Layout {
  /** Objects of this size and more lie in chunks; 0: none does. */
  readonly objsizeLimitBytes: number
  /** Of every chunk but the last. */
  readonly chunkBytes: number
}

/** Parts of S3 uploads are part of what S3 shows of an object, and stay. */
const hasS3Parts = (chunks: readonly Chunk[]) => chunks.some(({ md5 }) => md5 !== '')

/** Bytes of each chunk that `meta` is to have; 0: it is to be in one piece; `undefined`: it is as it is to be. */
function wantedChunkBytes(
  { sizeBytes, chunks }: ObjectMeta,
  { objsizeLimitBytes, chunkBytes }: Layout,
): number | undefined {
  if (chunks !== undefined && hasS3Parts(chunks)) return undefined
  if (objsizeLimitBytes === 0 || sizeBytes < objsizeLimitBytes) {
    return chunks === undefined ? undefined : 0
  }
  if (sizeBytes === 0) return undefined
  const count = Math.ceil(sizeBytes / chunkBytes)
  const isSo =
    chunks?.length === count &&
    chunks.every((chunk, at) => at === count - 1 || chunk.sizeBytes === chunkBytes)
  return isSo ? undefined : chunkBytes
}

interface Rewrite {
  readonly target: TargetNode
  readonly place: Place
  readonly mountpath: Mountpath
  readonly open: OpenObject
}

/** Runs `commit` alone among the writers of the name, while the object is still the version that was read. */
function whileSame(
  { target, place, open }: Rewrite,
  commit: () => Promise<unknown>,
): Promise<boolean> {
  return writeOwned(target, place, async () => {
    if (findObject(target, place)?.meta.generation !== open.meta.generation) return false
    await commit()
    return true
  })
}

async function writeWhole(rewrite: Rewrite): Promise<boolean> {
  const { target, place, mountpath, open } = rewrite
  const { meta } = open
  const durability = durabilityOf(target, place.bucket.props)
  const draft = await mountpath.draft(place.bucket, meta.name, {
    sizeBytes: meta.sizeBytes,
    checksumType: meta.checksum.type,
    durability,
  })
  try {
    for await (const chunk of open.read()) await draft.write(chunk)
    const expect = { generation: meta.generation }
    return await whileSame(rewrite, () =>
      mountpath.commit(place.bucket, meta.name, draft, meta, durability, expect),
    )
  } finally {
    // Of no effect on what was committed.
    await draft.discard()
  }
}

async function writePart(
  { target, place, mountpath, open }: Rewrite,
  upload: string,
  partNumber: number,
  offset: number,
  sizeBytes: number,
): Promise<void> {
  const { type } = open.meta.checksum
  const hasher = type === 'none' ? undefined : target.platform.createHasher(type)
  const draft = await mountpath.draft(place.bucket, open.meta.name, {
    sizeBytes,
    checksumType: type,
    upload,
  })
  try {
    for await (const bytes of open.read(offset, sizeBytes)) {
      hasher?.update(bytes)
      await draft.write(bytes)
    }
    const checksum = { type, value: hasher?.digestHex() ?? '' }
    const chunk: Chunk = { partNumber, sizeBytes, checksum, md5: '' }
    const durability = durabilityOf(target, place.bucket.props)
    await mountpath.uploadPart(place.bucket, upload, draft, chunk, durability)
  } catch (error) {
    await draft.discard()
    throw error
  }
}

async function writeChunks(rewrite: Rewrite, chunkBytes: number): Promise<boolean> {
  const { target, place, mountpath, open } = rewrite
  const { meta } = open
  const count = Math.ceil(meta.sizeBytes / chunkBytes)
  if (count > limits.partsMax) {
    throw new AisError(
      'ErrBadRequest',
      `"chunk-size": ${chunkBytes} bytes make ${count} chunks of ${meta.sizeBytes} bytes, more than ${limits.partsMax}`,
    )
  }
  const durability = durabilityOf(target, place.bucket.props)
  const id = shortId(target.platform.random)
  const createdNs = target.platform.clock.nowNs()
  await mountpath.uploadBegin(
    place.bucket,
    { id, name: meta.name, createdNs, custom: meta.custom },
    durability,
  )
  let isDone = false
  try {
    for (let at = 0; at < count; at++) {
      const offset = at * chunkBytes
      const sizeBytes = Math.min(chunkBytes, meta.sizeBytes - offset)
      await writePart(rewrite, id, at + 1, offset, sizeBytes)
    }
    const numbers = Array.from({ length: count }, (_, at) => at + 1)
    isDone = await whileSame(rewrite, () =>
      mountpath.uploadComplete(place.bucket, id, numbers, meta, durability),
    )
    return isDone
  } finally {
    if (!isDone) await mountpath.uploadAbort(place.bucket, id)
  }
}

/**
 * Writes the content of an object anew, in chunks or in one piece; what is known of it stays: version, checksum, custom
 * metadata, generation. Readers see one version throughout.
 * @returns its size; `undefined`: it is not there, or was written again meanwhile
 * @throws AisError `ErrBadRequest` too many chunks; `ErrNotReady` it is another target's by now; `ErrCapExceeded`
 */
export async function rechunkObject(
  target: TargetNode,
  place: Place,
  layout: Layout,
): Promise<number | undefined> {
  const found = findObject(target, place)
  if (found === undefined) return undefined
  const { mountpath, meta } = found
  const chunkBytes = wantedChunkBytes(meta, layout)
  if (chunkBytes === undefined) return meta.sizeBytes
  const open = await mountpath.open(place.bucket, meta.name)
  try {
    const rewrite = { target, place, mountpath, open }
    const isDone = chunkBytes === 0 ? writeWhole(rewrite) : writeChunks(rewrite, chunkBytes)
    return (await isDone) ? meta.sizeBytes : undefined
  } finally {
    open.close()
  }
}
