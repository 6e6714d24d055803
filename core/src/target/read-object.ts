import { AisError, isAisError } from '../errors/ais-error.ts'
import { deriveEtag } from '../object/etag.ts'
import { type ByteRange, contentRange, parseRange } from '../object/range.ts'
import type { Call, HeaderLine, Reply } from '../ports/call.ts'
import type { Mountpath, ObjectMeta, OpenObject } from '../ports/mountpath.ts'
import { checkConditions, rangeApplies, type Validators } from './conditions.ts'
import { attributeHeaders } from './object-headers.ts'
import { loadObject, objectNotFound, type Place, type TargetNode } from './target.ts'

const octets: HeaderLine = ['Content-Type', 'application/octet-stream']

export function validatorsOf(meta: ObjectMeta): Validators {
  return { etag: deriveEtag(meta), modifiedSeconds: Number(meta.mtimeNs / 1_000_000_000n) }
}

/** Recomputes the object's checksum from its bytes. @throws AisError `ErrBadCksum` when it is not the stored one */
export async function verifyObject(
  target: TargetNode,
  place: Place,
  open: OpenObject,
): Promise<void> {
  const { checksum } = open.meta
  if (checksum.type === 'none' || checksum.value === '') return
  const hasher = target.platform.createHasher(checksum.type)
  for await (const chunk of open.read()) hasher.update(chunk)
  const actual = hasher.digestHex()
  if (actual === checksum.value) return
  throw new AisError(
    'ErrBadCksum',
    `BAD DATA CHECKSUM: ${place.uname} ${checksum.type}: expected [${checksum.value}], actual [${actual}]`,
  )
}

/** The range asked for. @throws AisError `ErrRangeNotSatisfiable`, with the size in `Content-Range` */
function rangeOf(text: string | undefined, sizeBytes: number): ByteRange | 'whole' {
  if (text === undefined) return 'whole'
  try {
    return parseRange(text, sizeBytes)
  } catch (error) {
    if (!isAisError(error, 'ErrRangeNotSatisfiable')) throw error
    throw new AisError(error.code, error.message, {
      headers: [['Content-Range', `bytes */${sizeBytes}`]],
    })
  }
}

/** A range's own checksum, for buckets with `checksum.enable_read_range`. */
async function rangeChecksum(
  target: TargetNode,
  open: OpenObject,
  offset: number,
  length: number,
): Promise<HeaderLine[]> {
  const { type } = open.meta.checksum
  if (type === 'none') return []
  const hasher = target.platform.createHasher(type)
  for await (const chunk of open.read(offset, length)) hasher.update(chunk)
  return [
    ['Ais-Checksum-Type', type],
    ['Ais-Checksum-Value', hasher.digestHex()],
  ]
}

/** Opens what `load` found; a version that is overwritten in between is opened in its new state. */
async function openFound(
  target: TargetNode,
  place: Place,
  mountpath: Mountpath,
): Promise<OpenObject> {
  try {
    return await mountpath.open(place.bucket, place.name)
  } catch (error) {
    if (isAisError(error, 'ErrNotFound')) {
      throw objectNotFound(target, place.bucket.bck, place.name)
    }
    throw error
  }
}

/**
 * GET of an object: all of it (200), one range (206) or, by precondition, nothing (304).
 * The descriptor pins the version, so an overwrite during the transfer changes nothing of what is sent.
 * @throws AisError `ErrNotFound`, `ErrRangeNotSatisfiable`, `ErrBadCksum` (`validate_warm_get`)
 */
export async function readObject(target: TargetNode, place: Place, call: Call): Promise<Reply> {
  const { mountpath } = loadObject(target, place)
  const open = await openFound(target, place, mountpath)
  const { meta } = open
  let handedOver = false
  try {
    const { props } = place.bucket
    const validators = validatorsOf(meta)
    const previousAtime = target.atimes.find(place.bucket, place.name) ?? meta.atimeNs
    if (checkConditions(call.headers, validators) === 'not-modified') {
      return { status: 304, headers: attributeHeaders(meta, previousAtime) }
    }
    const rangeText = rangeApplies(call.headers, validators) ? call.headers.get('range') : undefined
    const range = rangeOf(rangeText, meta.sizeBytes)
    if (props.checksum.validate_warm_get) await verifyObject(target, place, open)
    target.atimes.touch(mountpath, place.bucket, place.name)

    const partial = range !== 'whole'
    const offset = partial ? range.offset : 0
    const length = partial ? range.length : meta.sizeBytes
    let headers: HeaderLine[] = attributeHeaders(meta, previousAtime)
    if (partial) {
      if (props.checksum.enable_read_range) {
        headers = headers.filter(([name]) => !name.startsWith('Ais-Checksum'))
        headers.push(...(await rangeChecksum(target, open, offset, length)))
      }
      headers.push(
        ['Accept-Ranges', 'bytes'],
        ['Content-Range', contentRange(range, meta.sizeBytes)],
      )
    }
    headers.push(octets)
    const status = partial ? 206 : 200
    target.stats.add('get.n')
    target.stats.add('get.size', length)
    if (length === 0) return { status, headers, body: { kind: 'bytes', bytes: '' } }
    const release = target.locks.read(place.uname)
    handedOver = true
    return {
      status,
      headers,
      body: { kind: 'files', slices: open.slices(offset, length) },
      onEnd(complete) {
        release()
        open.close()
        if (!complete) target.stats.add('err.http.write.n')
      },
    }
  } finally {
    if (!handedOver) open.close()
  }
}
