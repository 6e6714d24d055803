import type { HeaderLine } from '../ports/call.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'
import { header } from '../wire/headers.ts'

/**
 * The attribute lines every PUT and GET reply carries, in upstream's (alphabetical) order; custom metadata is one line a pair.
 * @param atime Unix ns, in digits
 */
export function attributeHeaders(meta: ObjectMeta, atime = String(meta.atimeNs)): HeaderLine[] {
  return [[header.atime, atime], ...versionHeaders(meta)]
}

/** Those of them that a version keeps for as long as it lives: all but the access time, which is the first. */
export function versionHeaders(meta: ObjectMeta): HeaderLine[] {
  const lines: HeaderLine[] = []
  if (meta.checksum.type !== 'none' && meta.checksum.value !== '') {
    lines.push(
      [header.checksumType, meta.checksum.type],
      [header.checksumValue, meta.checksum.value],
    )
  }
  for (const [key, value] of meta.custom) {
    lines.push([header.customMd, `${key}=${value}`])
    if (key === 'ETag') lines.push(['ETag', value])
  }
  if (meta.version !== '') lines.push([header.version, meta.version])
  return lines
}
