import type { Chunk } from '../../ports/mountpath.ts'
import { checksumAlgorithmNames, type S3Checksum } from '../checksum-algorithms.ts'

/** What S3 knows of a part: its entity tag, and the checksum that was stated or wanted. */
export interface PartDigest {
  /** Lower-case hex; empty for a part that came by the native API. */
  readonly md5: string
  readonly checksum: S3Checksum | undefined
}

/** As `Chunk.md5` keeps it: `<md5>` or `<md5> <algorithm>:<base64>`. */
export function formatPartDigest({ md5, checksum }: PartDigest): string {
  return checksum === undefined ? md5 : `${md5} ${checksum.algorithm}:${checksum.value}`
}

export function partDigestOf(chunk: Pick<Chunk, 'md5'>): PartDigest {
  const [md5 = '', text = ''] = chunk.md5.split(' ')
  const colon = text.indexOf(':')
  const algorithm = checksumAlgorithmNames.find((name) => name === text.slice(0, colon))
  if (algorithm === undefined) return { md5, checksum: undefined }
  return { md5, checksum: { algorithm, value: text.slice(colon + 1) } }
}
