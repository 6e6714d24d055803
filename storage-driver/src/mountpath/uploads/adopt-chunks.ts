import { chunkFolder } from '../buckets/bucket-folder.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { findManifest } from './manifest.ts'

/** Adopts the chunked objects of a bucket whose rows are lost and whose manifests are not. The number adopted. */
export async function adoptChunks(context: MountpathContext, bucket: LocalBucket): Promise<number> {
  const { catalog, files, journal } = context
  let adopted = 0
  for (const upload of await unknownUploads(context, bucket)) {
    const manifest = await findManifest(files, `${bucket.root}/${chunkFolder}/${upload}`)
    if (manifest === undefined) continue
    const { name, row, parts } = manifest
    const done = await journal.submit({
      durability: 'process',
      frees: false,
      apply: () => {
        const { intents, objects, uploads } = catalog
        if (context.buckets.find(bucket.ref.bid) !== bucket) return false
        if (objects.load(bucket.bid, name) !== undefined) return false
        if (intents.has(bucket.bid, name)) return false
        const buried = catalog.tombstones.find(bucket.bid, name)
        if (buried !== undefined && buried > row.generation) return false
        // Lists of block checksums went with the catalog: each part is checked as a whole.
        for (const part of parts) uploads.storePart(bucket.bid, upload, { ...part, blocks: 0 })
        objects.store(bucket.bid, name, { ...row, upload, damaged: false })
        return true
      },
    })
    if (done) adopted++
  }
  return adopted
}

/** Folders of parts that no row speaks of. */
export async function unknownUploads(
  { catalog, files }: MountpathContext,
  bucket: LocalBucket,
): Promise<readonly string[]> {
  const entries = await files.readDirectory(`${bucket.root}/${chunkFolder}`)
  return entries
    .map(({ name }) => name)
    .filter(
      (upload) =>
        catalog.uploads.find(bucket.bid, upload) === undefined &&
        catalog.uploads.parts(bucket.bid, upload).length === 0,
    )
}
