import type { ListEntry } from '../object/list-entry.ts'
import { entryFlag } from '../wire/lso.ts'
import type { ListRequest } from './list-request.ts'
import { quoted } from './object/s3-etag.ts'
import { isoTime } from './s3-replies.ts'
import type { XmlNode } from './xml-writer.ts'

export function isPrefix({ flags }: ListEntry): boolean {
  return (flags & entryFlag.directory) !== 0
}

/** What is known of one object beside its key, as `Contents` and `Version` have it. */
export function contentNodes(entry: ListEntry): XmlNode[] {
  const sums = (entry.sums ?? '').split(',').filter((sum) => sum !== '')
  return [
    ['LastModified', isoTime(BigInt(entry.mtimeNs ?? 0))],
    ['ETag', quoted(entry.etag ?? '')],
    ...sums.map((sum): XmlNode => ['ChecksumAlgorithm', sum.toUpperCase()]),
    ['Size', entry.sizeBytes ?? 0],
    ['StorageClass', 'STANDARD'],
  ]
}

/** `Contents`, then `CommonPrefixes`. @param ownerOf where owners are asked for */
export function entryNodes(
  entries: readonly ListEntry[],
  { encode }: ListRequest,
  ownerOf?: (entry: ListEntry) => XmlNode,
): XmlNode[] {
  const contents = entries
    .filter((entry) => !isPrefix(entry))
    .map(
      (entry): XmlNode => [
        'Contents',
        [['Key', encode(entry.name)], ...contentNodes(entry), ...(ownerOf ? [ownerOf(entry)] : [])],
      ],
    )
  return [...contents, ...prefixNodes(entries, encode)]
}

export function prefixNodes(
  entries: readonly ListEntry[],
  encode: ListRequest['encode'],
): XmlNode[] {
  return entries
    .filter(isPrefix)
    .map((entry): XmlNode => ['CommonPrefixes', [['Prefix', encode(entry.name)]]])
}
