import { toBase36 } from '../algorithms/short-id.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'

/**
 * The entity tag of an object, without quotes: its custom `ETag`, else the MD5 of an object in one piece, else
 * `v1-<checksum>-<mtime ns, base 36>`; `undefined` when it has no checksum.
 */
export function deriveEtag(
  meta: Pick<ObjectMeta, 'custom' | 'checksum' | 'chunks' | 'mtimeNs'>,
): string | undefined {
  for (const [key, value] of meta.custom) {
    if (key === 'ETag' && value !== '') return value.replace(/^"(.*)"$/s, '$1')
  }
  const { type, value } = meta.checksum
  if (type === 'none' || value === '') return undefined
  if (type === 'md5' && meta.chunks === undefined) return value
  return `v1-${value}-${toBase36(meta.mtimeNs)}`
}
