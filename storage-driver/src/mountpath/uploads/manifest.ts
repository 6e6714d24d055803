import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { decodeSuperseded, encodeSuperseded, type ObjectRow } from '../../catalog/object-row.ts'
import type { PartRow } from '../../catalog/upload-table.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { storeText } from '../disk/store-text.ts'
import { uploadPath } from '../journal/superseded.ts'
import { nameForm } from '../objects/object-name.ts'
import { fileFailure } from '../objects/work-file.ts'

/** File in an upload's folder; no part is named so. */
const manifestFile = '%manifest'

/** What a chunked object is made of, for when the catalog is lost. The row stays the commit point. */
export interface Manifest {
  readonly name: string
  readonly row: ObjectRow
  readonly parts: readonly PartRow[]
}

/** Writes or replaces the manifest beside the parts. A failure costs nothing while the catalog is sound. */
export async function storeManifest(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  row: ObjectRow,
): Promise<void> {
  const { catalog, files, log } = context
  const parts = catalog.uploads.parts(bucket.bid, row.upload)
  const text = JSON.stringify({ name, row: encodeSuperseded(row), parts })
  try {
    await storeText(files, `${uploadPath(bucket, row.upload)}/${manifestFile}`, text)
  } catch (error) {
    const failure = fileFailure(context, 'a manifest could not be written', error)
    log.warn(failure.message, { name, cause: String(error) })
  }
}

/** The manifest in `folder`, if there is a sound one and all its parts are there. */
export async function findManifest(
  files: FileSystem,
  folder: string,
): Promise<Manifest | undefined> {
  const text = await files.readText(`${folder}/${manifestFile}`)
  if (text === undefined) return undefined
  const manifest = parseManifest(text)
  const complete = manifest?.parts.every(
    ({ file, sizeBytes }) => files.lstatSync(`${folder}/${file}`)?.sizeBytes === sizeBytes,
  )
  return complete === true ? manifest : undefined
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const { name, row, parts }: { name: string; row: string; parts: PartRow[] } = JSON.parse(text)
    const decoded = decodeSuperseded(row)
    nameForm(name)
    if (decoded === undefined || parts.some(({ file }) => !/^\d+\.[0-9a-z]+$/.test(file))) {
      return undefined
    }
    return { name, row: decoded, parts }
  } catch {
    // Cut short or written by hand: then it tells nothing.
    return undefined
  }
}
