import { deriveEtag } from '../../object/etag.ts'
import type { ObjectMeta } from '../../ports/mountpath.ts'

type Described = Pick<ObjectMeta, 'custom' | 'checksum' | 'chunks' | 'mtimeNs' | 'generation'>

/** The entity tag without quotes. An object that has no other is told by its generation: S3 objects always have one. */
export function s3Etag(meta: Described): string {
  return deriveEtag(meta) ?? meta.generation
}

/** As headers and documents have it. */
export function quoted(etag: string): string {
  return `"${etag}"`
}

export function unquoted(etag: string): string {
  return etag.trim().replace(/^"(.*)"$/s, '$1')
}
