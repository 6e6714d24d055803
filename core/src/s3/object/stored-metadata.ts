import { utf8Length } from '../../algorithms/utf8.ts'
import type { HeaderBlock, HeaderLine } from '../../ports/call.ts'
import type { ObjectMeta } from '../../ports/mountpath.ts'
import { isLockKey } from '../lock/object-lock.ts'
import { S3Error } from '../s3-error.ts'
import { parseTagHeader, tagsKey } from './tags.ts'

/** Pairs of an object's custom metadata. */
export type Pairs = readonly (readonly [key: string, value: string])[]

/** System metadata that a client sets and gets back, by the header's name in lower case. */
const systemHeaders = [
  ['cache-control', 'Cache-Control'],
  ['content-disposition', 'Content-Disposition'],
  ['content-encoding', 'Content-Encoding'],
  ['content-language', 'Content-Language'],
  ['content-type', 'Content-Type'],
  ['expires', 'Expires'],
] as const

const systemKeys: ReadonlySet<string> = new Set(systemHeaders.map(([, key]) => key))

/** Of all objects that were written through S3, and of no other. */
const markKey = 'x-amz-storage-class'
const etagKey = 'ETag'
/** The upload that the content came by: its completion may be asked for again. */
export const uploadIdKey = 'x-amz-upload-id'
const userPrefix = 'x-amz-meta-'
/** Its owner, when that is not the bucket's; its ACL, when it is not the private one. */
export const ownerKey = 'x-amz-owner'
export const aclKey = 'x-amz-acl'

/** What an object without a type of its own is, at Amazon. */
export const defaultContentType = 'binary/octet-stream'

/** User metadata of one object, keys and values together. S3 API. */
const userMetadataBytesMax = 2 * 1024

/** `aws-chunked` is how the body travelled, not what it is; the rest stays as it was written. */
function storedEncoding(value: string): string {
  return value
    .split(',')
    .filter((coding) => !/^\s*(?:aws-chunked)?\s*$/i.test(coding))
    .join(',')
    .trim()
}

/**
 * What the headers of a PUT, a copy or a new upload say of the object, as custom metadata.
 * @throws S3Error `MetadataTooLarge`, `InvalidArgument` and `InvalidTag` of tags
 */
export function metadataOf(headers: HeaderBlock): [string, string][] {
  const pairs: [string, string][] = [[markKey, 'STANDARD']]
  for (const [header, key] of systemHeaders) {
    const given = headers.get(header)
    const value = given !== undefined && key === 'Content-Encoding' ? storedEncoding(given) : given
    if (value !== undefined && value !== '') pairs.push([key, value])
  }
  const user = new Map<string, string>()
  for (const [name, value] of headers.lines()) {
    if (!name.startsWith(userPrefix)) continue
    const before = user.get(name)
    user.set(name, before === undefined ? value : `${before},${value}`)
  }
  let size = 0
  for (const [name, value] of user) size += utf8Length(name.slice(userPrefix.length) + value)
  if (size > userMetadataBytesMax) {
    throw new S3Error('MetadataTooLarge', {
      fields: [
        ['Size', String(size)],
        ['MaxSizeAllowed', String(userMetadataBytesMax)],
      ],
    })
  }
  pairs.push(...user)
  const tags = headers.get('x-amz-tagging')
  if (tags !== undefined && tags !== '') pairs.push([tagsKey, parseTagHeader(tags)])
  return pairs
}

/** The pairs with an ETag (without quotes) and whatever else follows from the content. */
export function withContent(pairs: Pairs, etag: string, content: Pairs): Pairs {
  return [...pairs, [etagKey, etag], ...content]
}

/**
 * What is left of an object's metadata when content comes by the native API: what S3 said of the old content is not true
 * of the new. Objects that S3 never wrote keep all.
 */
export function nativePairs(pairs: Pairs): Pairs {
  if (!pairs.some(([key]) => key === markKey)) {
    return pairs.filter(([key]) => key !== ownerKey && key !== aclKey && !isLockKey(key))
  }
  return pairs.filter(
    ([key]) => key !== etagKey && !systemKeys.has(key) && !key.startsWith('x-amz-'),
  )
}

/** Value of one pair. */
export function pairOf(pairs: Pairs, key: string): string | undefined {
  return pairs.find(([name]) => name === key)?.[1]
}

/** Header lines of system and user metadata, for GET and HEAD. */
export function metadataHeaders({ custom }: Pick<ObjectMeta, 'custom'>): HeaderLine[] {
  const lines: HeaderLine[] = []
  let typed = false
  for (const [key, value] of custom) {
    if (key === 'Content-Type') typed = true
    if (systemKeys.has(key) || key.toLowerCase().startsWith(userPrefix)) lines.push([key, value])
  }
  if (!typed) lines.push(['Content-Type', defaultContentType])
  return lines
}
