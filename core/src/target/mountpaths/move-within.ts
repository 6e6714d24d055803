import type { BucketRef, Durability, Mountpath, ObjectMeta } from '../../ports/mountpath.ts'

/** Copies the content of a plain object into a draft of the other disk. */
async function copyFile(
  from: Mountpath,
  to: Mountpath,
  bucket: BucketRef,
  meta: ObjectMeta,
  durability: Durability,
): Promise<void> {
  const open = await from.open(bucket, meta.name)
  try {
    const draft = await to.draft(bucket, meta.name, {
      sizeBytes: meta.sizeBytes,
      checksumType: meta.checksum.type,
      durability,
    })
    try {
      for await (const chunk of open.read()) await draft.write(chunk)
      await to.commit(bucket, meta.name, draft, open.meta, durability)
    } catch (error) {
      await draft.discard()
      throw error
    }
  } finally {
    open.close()
  }
}

/** Copies a chunked object part by part, as an upload that is completed at once: its parts stay what they were. */
async function copyChunks(
  from: Mountpath,
  to: Mountpath,
  bucket: BucketRef,
  meta: ObjectMeta,
  uploadId: string,
  durability: Durability,
): Promise<void> {
  const open = await from.open(bucket, meta.name)
  try {
    const { name, custom, mtimeNs: createdNs } = meta
    await to.uploadBegin(bucket, { id: uploadId, name, createdNs, custom }, durability)
    let offset = 0
    for (const chunk of open.meta.chunks ?? []) {
      const draft = await to.draft(bucket, name, { sizeBytes: chunk.sizeBytes, upload: uploadId })
      try {
        for await (const bytes of open.read(offset, chunk.sizeBytes)) await draft.write(bytes)
        await to.uploadPart(bucket, uploadId, draft, chunk, durability)
      } catch (error) {
        await draft.discard()
        throw error
      }
      offset += chunk.sizeBytes
    }
    const parts = (open.meta.chunks ?? []).map(({ partNumber }) => partNumber)
    await to.uploadComplete(bucket, uploadId, parts, open.meta, durability)
  } catch (error) {
    await to.uploadAbort(bucket, uploadId)
    throw error
  } finally {
    open.close()
  }
}

/**
 * Moves one object to another disk of this target: the copy is safe at `durability` before the source goes, and has its
 * generation. The caller holds the name. @param uploadId an ID no upload has
 * @throws AisError `ErrPreempted` the other disk knows something newer
 */
export async function moveWithin(
  from: Mountpath,
  to: Mountpath,
  bucket: BucketRef,
  meta: ObjectMeta,
  uploadId: string,
  durability: Durability,
): Promise<void> {
  if (meta.chunks === undefined) await copyFile(from, to, bucket, meta, durability)
  else await copyChunks(from, to, bucket, meta, uploadId, durability)
  const { generation } = meta
  await from.remove(bucket, meta.name, durability, { expect: { generation }, moved: true })
}
