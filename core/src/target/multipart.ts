import { shortId } from '../algorithms/short-id.ts'
import { bckCname } from '../bucket/bck.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import type { CustomMd } from '../object/custom-md.ts'
import type { Call } from '../ports/call.ts'
import type { Chunk, Mountpath, ObjectMeta, Upload } from '../ports/mountpath.ts'
import { withBucketRetention } from '../s3/lock/object-lock.ts'
import { dropOtherCopies } from './drop-other-copies.ts'
import { durabilityOf } from './durability.ts'
import { findObject, type Place, type TargetNode } from './target.ts'
import { writeVersion } from './versions.ts'
import { clientChecksum, hashBody, nextVersion } from './write-object.ts'
import { writeOwned } from './write-owned.ts'

/** One line of `mpt-complete`. */
export interface PartRef {
  readonly partNumber: number
  readonly etag: string
}

/** An upload in progress and the disk it is on. @throws AisError `ErrNotFound` */
export function findUpload(
  target: TargetNode,
  place: Place,
  uploadId: string,
): { readonly mountpath: Mountpath; readonly upload: Upload } {
  for (const mountpath of target.mountpaths()) {
    const upload = mountpath.uploadFind(place.bucket, uploadId)
    if (upload && upload.name === place.name) return { mountpath, upload }
  }
  const cname = `${bckCname(place.bucket.bck)}/${place.name}`
  throw new AisError('ErrNotFound', `upload "${uploadId}" of ${cname} does not exist`)
}

/** Starts an upload and returns its ID. @param custom of the object that it will be */
export async function beginUpload(
  target: TargetNode,
  place: Place,
  custom: CustomMd,
): Promise<string> {
  const id = shortId(target.platform.random)
  const createdNs = target.platform.clock.nowNs()
  const durability = durabilityOf(target, place.bucket.props)
  await place.mountpath.uploadBegin(
    place.bucket,
    { id, name: place.name, createdNs, custom },
    durability,
  )
  return id
}

/** A part's number. @throws AisError `ErrBadRequest` naming `partNumber` */
export function parsePartNumber(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > limits.partsMax) {
    throw new AisError(
      'ErrBadRequest',
      `invalid part number "${text}": expecting 1 to ${limits.partsMax} (partNumber)`,
    )
  }
  return number
}

/**
 * Stores one part; sent again, it replaces the former.
 * @throws AisError `ErrNotFound` unknown upload, `ErrBadRequest` without a positive Content-Length, `ErrBadCksum`
 */
export async function writePart(
  target: TargetNode,
  place: Place,
  call: Call,
  uploadId: string,
  partNumber: number,
): Promise<void> {
  const { mountpath } = findUpload(target, place, uploadId)
  const length = call.body.lengthBytes
  if (length === undefined || length === 0) {
    const cname = `${bckCname(place.bucket.bck)}/${place.name}`
    const size = length ?? -1
    throw new AisError(
      'ErrBadRequest',
      `${cname}: put-part invalid size (${size}) (Content-Length)`,
    )
  }
  const hash = hashBody(target, place, clientChecksum(call.headers))
  const draft = await mountpath.draft(place.bucket, place.name, {
    sizeBytes: length,
    checksumType: place.bucket.props.checksum.type,
    upload: uploadId,
  })
  try {
    await call.body.consume((chunk) => {
      hash.update(chunk)
      return draft.write(chunk)
    })
    const chunk: Chunk = {
      partNumber,
      sizeBytes: draft.sizeBytes,
      checksum: hash.finish(),
      md5: '',
    }
    const durability = durabilityOf(target, place.bucket.props)
    await mountpath.uploadPart(place.bucket, uploadId, draft, chunk, durability)
    target.stats.add('put.n')
    target.stats.add('put.size', chunk.sizeBytes)
  } catch (error) {
    await draft.discard()
    throw error
  }
}

/**
 * Natively every uploaded part must be named once, and they must be 1..N; the order of naming does not matter.
 * @throws AisError `ErrBadRequest`
 * @see AIStore ais/tgtmpt.go
 */
function checkParts(parts: readonly PartRef[], have: readonly Chunk[]): readonly number[] {
  if (have.length === 0) throw new AisError('ErrBadRequest', 'no chunks')
  if (parts.length !== have.length) {
    throw new AisError(
      'ErrBadRequest',
      `partial completion is not allowed: requested ${parts.length} parts, have ${have.length}`,
    )
  }
  const known = new Map(have.map((chunk) => [chunk.partNumber, chunk]))
  const ordered = [...parts].sort((a, b) => a.partNumber - b.partNumber)
  for (const [at, { partNumber, etag }] of ordered.entries()) {
    const chunk = known.get(partNumber)
    if (partNumber !== at + 1 || chunk === undefined) {
      throw new AisError(
        'ErrBadRequest',
        `parts must be exactly 1..${have.length}: got ${partNumber} at position ${at} (part-number)`,
      )
    }
    const tag = etag.replaceAll('"', '')
    if (tag !== '' && chunk.md5 !== '' && tag !== chunk.md5) {
      throw new AisError('ErrBadRequest', `etag of part ${partNumber} does not match: "${tag}"`)
    }
  }
  return ordered.map((part) => part.partNumber)
}

/**
 * Makes the named parts the object, by the rules of the native API.
 * @throws AisError `ErrNotFound`, `ErrBadRequest`
 */
export function completeUpload(
  target: TargetNode,
  place: Place,
  uploadId: string,
  parts: readonly PartRef[],
): Promise<ObjectMeta> {
  return completeWith(target, place, uploadId, ({ custom }, have) => ({
    numbers: checkParts(parts, have),
    custom,
  }))
}

/** What an upload becomes. */
export interface Completion {
  /** Its parts, in ascending order. */
  readonly numbers: readonly number[]
  readonly custom: CustomMd
}

/**
 * Makes parts the object; nothing is copied.
 * @param choose decides while no other writer of the name is at work; what it throws leaves the upload as it is
 * @throws AisError `ErrNotFound`
 */
export async function completeWith(
  target: TargetNode,
  place: Place,
  uploadId: string,
  choose: (upload: Upload, have: readonly Chunk[], existing: ObjectMeta | undefined) => Completion,
): Promise<ObjectMeta> {
  const { mountpath } = findUpload(target, place, uploadId)
  const type = place.bucket.props.checksum.type
  const durability = durabilityOf(target, place.bucket.props)
  return writeOwned(target, place, async () => {
    const existing = findObject(target, place)
    const { upload } = findUpload(target, place, uploadId)
    const have = mountpath.uploadParts(place.bucket, uploadId)
    const { numbers, custom: given } = choose(upload, have, existing?.meta)
    const nowMs = target.platform.clock.now()
    const custom = withBucketRetention(place.bucket.props, given, nowMs)
    const meta = await writeVersion(target, place, (name) =>
      mountpath.uploadComplete(
        place.bucket,
        uploadId,
        numbers,
        {
          name,
          checksum: { type: 'none', value: '' },
          version: nextVersion(place, existing?.meta),
          atimeNs: target.platform.clock.nowNs(),
          custom,
        },
        durability,
      ),
    )
    const made = { ...place, mountpath, name: meta.name }
    await dropOtherCopies(target, made, mountpath, durability)
    if (type === 'none') return meta
    return (await addChecksum(target, made, meta)) ?? meta
  })
}

/** Hashes the completed object and keeps the result in its row. */
async function addChecksum(
  target: TargetNode,
  place: Place,
  meta: ObjectMeta,
): Promise<ObjectMeta | undefined> {
  const open = await place.mountpath.open(place.bucket, place.name)
  try {
    const hash = hashBody(target, place, undefined)
    for await (const chunk of open.read()) hash.update(chunk)
    if (open.meta.generation !== meta.generation) return undefined
    const durability = durabilityOf(target, place.bucket.props)
    return await place.mountpath.update(
      place.bucket,
      place.name,
      { checksum: hash.finish() },
      durability,
    )
  } finally {
    open.close()
  }
}

/** @throws AisError `ErrNotFound` */
export async function abortUpload(
  target: TargetNode,
  place: Place,
  uploadId: string,
): Promise<void> {
  const { mountpath } = findUpload(target, place, uploadId)
  await mountpath.uploadAbort(place.bucket, uploadId)
}
