import { generationLines } from '../../edge/edge-read.ts'
import { isAisError } from '../../errors/ais-error.ts'
import { contentRange } from '../../object/range.ts'
import { keyOf } from '../../object/version-name.ts'
import type { HeaderLine, Reply } from '../../ports/call.ts'
import type { Mountpath, ObjectMeta } from '../../ports/mountpath.ts'
import { loadObject, type Place, type TargetNode } from '../../target/target.ts'
import { verifyObject } from '../../target/verify-object.ts'
import { versionIdLines } from '../../target/versions.ts'
import { httpDate } from '../../wire/http-date.ts'
import { admit, isAbsenceHidden } from '../access/admission.ts'
import { checksumHeader } from '../checksum-algorithms.ts'
import { tagsHeader } from '../inner-headers.ts'
import { expiryHeaders } from '../lifecycle/expiry.ts'
import { lockHeaders } from '../lock/object-lock.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { type Wanted, wantedOf } from './read-wanted.ts'
import { quoted, s3Etag } from './s3-etag.ts'
import { metadataHeaders, pairOf } from './stored-metadata.ts'
import { readTags, tagsKey } from './tags.ts'

/** Query parameters that replace a header of the answer. */
const overrides = [
  ['response-cache-control', 'Cache-Control'],
  ['response-content-disposition', 'Content-Disposition'],
  ['response-content-encoding', 'Content-Encoding'],
  ['response-content-language', 'Content-Language'],
  ['response-content-type', 'Content-Type'],
  ['response-expires', 'Expires'],
] as const

function withOverrides(lines: HeaderLine[], { query }: S3Call): HeaderLine[] {
  const given = overrides.flatMap(([name, header]): HeaderLine[] => {
    const value = query.get(name)
    return value === undefined || value === '' ? [] : [[header, value]]
  })
  if (given.length === 0) return lines
  return [...lines.filter(([name]) => !given.some(([header]) => header === name)), ...given]
}

export function lastModified({ mtimeNs }: Pick<ObjectMeta, 'mtimeNs'>): string {
  return httpDate(Number(mtimeNs / 1_000_000n))
}

/** ETag and date: what every answer about an object says. */
export function identityHeaders(meta: ObjectMeta): HeaderLine[] {
  return [
    ['ETag', quoted(s3Etag(meta))],
    ['Last-Modified', lastModified(meta)],
  ]
}

/** Lines of the checksum that an object keeps. */
export function checksumHeaders({ custom }: Pick<ObjectMeta, 'custom'>): HeaderLine[] {
  return custom
    .filter(([key]) => key.startsWith('x-amz-checksum-'))
    .map(([key, value]) => [key, value])
}

/** What a client may hold against what it gets: never the checksum of the whole against a range of it. */
function checksumsOf(
  meta: ObjectMeta,
  range: Wanted['range'],
  part: Wanted['checksum'],
): HeaderLine[] {
  if (range === 'whole') return checksumHeaders(meta)
  const type = pairOf(meta.custom, 'x-amz-checksum-type')
  if (part === undefined || type === undefined) return []
  return [
    [checksumHeader(part.algorithm), part.value],
    ['x-amz-checksum-type', type],
  ]
}

function headLines(
  s3: S3Call,
  place: Place,
  meta: ObjectMeta,
  { range, partsCount, checksum }: Wanted,
): HeaderLine[] {
  const lines: HeaderLine[] = [
    ...identityHeaders(meta),
    ['Accept-Ranges', 'bytes'],
    ...withOverrides(metadataHeaders(meta), s3),
    ...expiryHeaders(place.bucket.props.s3.lifecycle, meta),
    ...versionIdLines(place, meta),
    ...lockHeaders(meta.custom),
  ]
  const tags = pairOf(meta.custom, tagsKey) ?? ''
  if (tags !== '') {
    lines.push(['x-amz-tagging-count', String(readTags(tags).length)])
    if (s3.call.network !== 'public' && s3.call.headers.get(tagsHeader) !== undefined) {
      lines.push([tagsHeader, tags])
    }
  }
  if (partsCount !== undefined) lines.push(['x-amz-mp-parts-count', String(partsCount)])
  if (s3.call.headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED') {
    lines.push(...checksumsOf(meta, range, checksum))
  }
  if (range !== 'whole') lines.push(['Content-Range', contentRange(range, meta.sizeBytes)])
  lines.push(...generationLines(s3.call, place, meta))
  return lines
}

/** The key that is not there, and was not deleted by a marker: Amazon does not say so, but some clients read it. */
export function noSuchKey(key: string): S3Error {
  return new S3Error('NoSuchKey', {
    fields: [['Key', key]],
    headers: [['x-amz-delete-marker', 'false']],
  })
}

/**
 * The object of a call, for somebody who may do what the call is.
 * @throws S3Error `NoSuchKey`; `AccessDenied` also in place of it, for who may not know
 */
export function loadS3Object(target: TargetNode, place: Place, s3: S3Call) {
  try {
    const found = loadObject(target, place)
    admit(s3, place.bucket.props, found.meta)
    return found
  } catch (error) {
    if (!isAisError(error, 'ErrNotFound')) throw error
    throw isAbsenceHidden(s3) ? new S3Error('AccessDenied') : noSuchKey(keyOf(place.name))
  }
}

/** HEAD: as GET, with no body. @throws S3Error as `readS3Object` */
export function headS3Object(target: TargetNode, place: Place, s3: S3Call): Reply {
  const { meta } = loadS3Object(target, place, s3)
  const wanted = wantedOf(s3, meta)
  if (wanted === 'not-modified') return { status: 304, headers: identityHeaders(meta) }
  return {
    status: wanted.range === 'whole' ? 200 : 206,
    headers: [
      ...headLines(s3, place, meta, wanted),
      ['Content-Length', String(lengthOf(wanted, meta))],
    ],
  }
}

/**
 * GET: all of the object (200), one range or part of it (206) or, by precondition, nothing (304). The descriptor pins the
 * version, so an overwrite during the transfer changes nothing of what is sent.
 * @throws S3Error `NoSuchKey`, `InvalidRange`, `InvalidPart`; AisError with 412, `ErrBadCksum`
 */
export async function readS3Object(target: TargetNode, place: Place, s3: S3Call): Promise<Reply> {
  const { mountpath, meta: found } = loadS3Object(target, place, s3)
  const verifies = place.bucket.props.checksum.validate_warm_get
  const small = verifies ? undefined : mountpath.readSmall(place.bucket, found.name)
  if (small !== undefined) {
    admit(s3, place.bucket.props, small.meta)
    const wanted = wantedOf(s3, small.meta)
    if (wanted === 'not-modified') return { status: 304, headers: identityHeaders(small.meta) }
    note(target, mountpath, place.bucket, found.name, lengthOf(wanted, small.meta))
    const { range } = wanted
    const { bytes } = small
    const part =
      range === 'whole' ? bytes : bytes.subarray(range.offset, range.offset + range.length)
    return {
      status: range === 'whole' ? 200 : 206,
      headers: headLines(s3, place, small.meta, wanted),
      body: { kind: 'bytes', bytes: part },
    }
  }
  const open = await mountpath.open(place.bucket, found.name)
  try {
    const { meta } = open
    admit(s3, place.bucket.props, meta)
    const wanted = wantedOf(s3, meta)
    if (wanted === 'not-modified') {
      open.close()
      return { status: 304, headers: identityHeaders(meta) }
    }
    const { range } = wanted
    if (verifies) await verifyObject(target, place, open, range)
    note(target, mountpath, place.bucket, found.name, lengthOf(wanted, meta))
    const headers = headLines(s3, place, meta, wanted)
    const status = range === 'whole' ? 200 : 206
    const offset = range === 'whole' ? 0 : range.offset
    const length = lengthOf(wanted, meta)
    if (length === 0) {
      open.close()
      return { status, headers, body: { kind: 'bytes', bytes: '' } }
    }
    const body = open.body(offset, length)
    const release = target.locks.read(place.uname)
    return {
      status,
      headers,
      body,
      onEnd(complete) {
        release()
        open.close()
        if (!complete) target.stats.add('err.http.write.n')
      },
    }
  } catch (error) {
    open.close()
    throw error
  }
}

function lengthOf({ range }: Wanted, { sizeBytes }: ObjectMeta): number {
  return range === 'whole' ? sizeBytes : range.length
}

/** Counts a read, and notes the access. */
function note(
  target: TargetNode,
  mountpath: Mountpath,
  bucket: Place['bucket'],
  name: string,
  bytes: number,
): void {
  target.atimes.touch(mountpath, bucket, name)
  target.stats.add('get.n')
  target.stats.add('get.size', bytes)
}
