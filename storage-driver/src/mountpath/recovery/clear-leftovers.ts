import { encodeHex } from '../../catalog/encoding.ts'
import { chunkFolder, workFolder } from '../buckets/bucket-folder.ts'
import type { MountpathContext } from '../context.ts'
import { unknownUploads } from '../uploads/adopt-chunks.ts'

/**
 * At the start, when no intent is open: removes work files that no append owns, and brings the files of appends to
 * their acknowledged length. An append whose file is shorter, or gone, is dropped. Folders of parts without a row go too.
 */
export async function clearLeftovers(context: MountpathContext): Promise<void> {
  const { buckets, catalog, files } = context
  const appends = catalog.appends.all()
  for (const bucket of buckets.all()) {
    const key = encodeHex(bucket.bid)
    const owned = new Set<string>()
    for (const append of appends.filter(({ bid }) => encodeHex(bid) === key)) {
      const path = `${bucket.root}/${append.work}`
      const stat = files.lstatSync(path)
      if (stat === undefined || stat.sizeBytes < append.sizeBytes) {
        catalog.appends.remove(append.bid, append.id)
        continue
      }
      owned.add(append.work)
      if (stat.sizeBytes > append.sizeBytes) cutFile(context, path, append.sizeBytes)
    }
    for (const { name } of await files.readDirectory(`${bucket.root}/${workFolder}`)) {
      if (owned.has(`${workFolder}/${name}`)) continue
      await files.removeTree(`${bucket.root}/${workFolder}/${name}`)
    }
    // While rows are being rebuilt, parts that none speaks of may still be adopted.
    if (catalog.settings.load('rebuild') !== undefined) continue
    for (const upload of await unknownUploads(context, bucket)) {
      await files.removeTree(`${bucket.root}/${chunkFolder}/${upload}`)
    }
  }
}

/** Cuts a file back to the bytes that were acknowledged. */
export function cutFile({ files }: MountpathContext, path: string, sizeBytes: number): void {
  const fd = files.openSync(path, 'update')
  try {
    files.truncateSync(fd, sizeBytes)
  } finally {
    files.closeSync(fd)
  }
}
