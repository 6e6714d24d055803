import { generationLines } from '../edge/edge-read.ts'
import { AisError, isAisError } from '../errors/ais-error.ts'
import { deriveEtag } from '../object/etag.ts'
import { type ByteRange, contentRange, parseRange } from '../object/range.ts'
import type { Call, HeaderLine, Reply, SharedLines } from '../ports/call.ts'
import type { Mountpath, ObjectMeta, OpenObject, SmallObject } from '../ports/mountpath.ts'
import { header } from '../wire/headers.ts'
import { asksForWhole, checkConditions, rangeApplies, type Validators } from './conditions.ts'
import { attributeHeaders, versionHeaders } from './object-headers.ts'
import { loadObject, objectNotFound, type Place, type TargetNode } from './target.ts'
import { verifyObject } from './verify-object.ts'
import { namesVersions } from './version-rows.ts'

const octets: HeaderLine = ['Content-Type', 'application/octet-stream']

export function validatorsOf(meta: ObjectMeta): Validators {
  return {
    get etag() {
      return deriveEtag(meta)
    },
    get modifiedSeconds() {
      return Number(meta.mtimeNs / 1_000_000_000n)
    },
  }
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

/** A version that is overwritten between `load` and `open` is opened in its new state; one that went is not found. */
function openingFailed(target: TargetNode, place: Place, error: unknown): never {
  if (isAisError(error, 'ErrNotFound')) throw objectNotFound(target, place.bucket.bck, place.name)
  throw error
}

/**
 * GET of an object: all of it (200), one range (206) or, by precondition, nothing (304).
 * The descriptor pins the version, so an overwrite during the transfer changes nothing of what is sent.
 * Answers at once unless bytes must be read first, or the object is just being replaced.
 * @throws AisError `ErrNotFound`, `ErrRangeNotSatisfiable`, `ErrBadCksum` (`validate_warm_get`)
 */
export function readObject(target: TargetNode, place: Place, call: Call): Reply | Promise<Reply> {
  const small = findSmall(place)
  if (small !== undefined) return answerSmall(target, place, call, small)
  const { mountpath, meta } = loadObject(target, place)
  let open: OpenObject | Promise<OpenObject>
  try {
    open = mountpath.open(place.bucket, meta.name)
  } catch (error) {
    openingFailed(target, place, error)
  }
  if (!(open instanceof Promise)) return answerOpen(target, place, call, mountpath, open)
  return open.then(
    (opened) => answerOpen(target, place, call, mountpath, opened),
    (error: unknown) => openingFailed(target, place, error),
  )
}

/** The object from memory, unless its bytes or a range's are to be hashed first. */
function findSmall(place: Place): SmallObject | undefined {
  const { validate_warm_get, enable_read_range } = place.bucket.props.checksum
  if (validate_warm_get || enable_read_range) return undefined
  if (namesVersions(place)) return undefined
  const { recent } = place
  if (recent?.small?.isCurrent()) return recent.small
  const small = place.mountpath.readSmall(place.bucket, place.name)
  if (recent === undefined || small === recent.small) return small
  recent.lines = undefined
  recent.small = small?.isCurrent() ? small : undefined
  return small
}

function answerSmall(target: TargetNode, place: Place, call: Call, small: SmallObject): Reply {
  const { meta, bytes } = small
  const wanted = readWanted(call, meta)
  if (wanted === 'not-modified') return notModified(target, place, meta)
  const onEnd = (complete: boolean): void => {
    if (!complete) target.stats.add('err.http.write.n')
  }
  if (wanted === 'whole') {
    const atime = countRead(target, place.mountpath, place, meta, meta.sizeBytes)
    const headers = [[header.atime, atime] as const, ...generationLines(call, place, meta)]
    const shared = linesOf(place, small)
    return { status: 200, headers, shared, body: { kind: 'bytes', bytes }, onEnd }
  }
  const { status, headers: lines } = headOf(target, place, place.mountpath, meta, wanted, undefined)
  const headers = [...lines, ...generationLines(call, place, meta)]
  const part = bytes.subarray(wanted.offset, wanted.offset + wanted.length)
  return { status, headers, body: { kind: 'bytes', bytes: part }, onEnd }
}

/** The lines of every whole read of this version. */
function linesOf({ recent }: Place, small: SmallObject): SharedLines {
  if (recent?.lines !== undefined && recent.small === small) return recent.lines
  const made = { lines: [...versionHeaders(small.meta), octets] }
  if (recent?.small === small) recent.lines = made
  return made
}

/** 304. */
export function notModified(target: TargetNode, place: Place, meta: ObjectMeta): Reply {
  return { status: 304, headers: attributeHeaders(meta, lastAccess(target, place, meta)) }
}

/** When the object was last read, Unix ns in digits. */
export function lastAccess(target: TargetNode, place: Place, meta: ObjectMeta): string {
  return String(target.atimes.find(place.bucket, meta.name) ?? meta.atimeNs)
}

/** Closes `open` unless the reply took it over. */
function answerOpen(
  target: TargetNode,
  place: Place,
  call: Call,
  mountpath: Mountpath,
  open: OpenObject,
): Reply | Promise<Reply> {
  try {
    const wanted = readWanted(call, open.meta)
    if (wanted === 'not-modified') {
      open.close()
      return notModified(target, place, open.meta)
    }
    const { checksum } = place.bucket.props
    const readsFirst =
      checksum.validate_warm_get || (wanted !== 'whole' && checksum.enable_read_range)
    if (readsFirst) return answerChecked(target, place, mountpath, open, wanted)
    const reply = answerRange(target, place, mountpath, open, wanted, undefined)
    const own = generationLines(call, place, open.meta)
    return own.length === 0 ? reply : { ...reply, headers: [...reply.headers, ...own] }
  } catch (error) {
    open.close()
    throw error
  }
}

/** What the call asks of this version. @throws AisError `ErrRangeNotSatisfiable`; a failed precondition */
export function readWanted(call: Call, meta: ObjectMeta): ByteRange | 'whole' | 'not-modified' {
  if (asksForWhole(call.headers)) return 'whole'
  const validators = validatorsOf(meta)
  if (checkConditions(call.headers, validators) === 'not-modified') return 'not-modified'
  const text = rangeApplies(call.headers, validators) ? call.headers.get('range') : undefined
  return rangeOf(text, meta.sizeBytes)
}

/** Reads what is to be checked before the first byte leaves. */
async function answerChecked(
  target: TargetNode,
  place: Place,
  mountpath: Mountpath,
  open: OpenObject,
  range: ByteRange | 'whole',
): Promise<Reply> {
  try {
    const { checksum } = place.bucket.props
    if (checksum.validate_warm_get) await verifyObject(target, place, open, range)
    const ownSum =
      range !== 'whole' && checksum.enable_read_range
        ? await rangeChecksum(target, open, range.offset, range.length)
        : undefined
    return answerRange(target, place, mountpath, open, range, ownSum)
  } catch (error) {
    open.close()
    throw error
  }
}

/** The reply; it owns `open` from here on. `ownSum`: the range's checksum in place of the object's. */
function answerRange(
  target: TargetNode,
  place: Place,
  mountpath: Mountpath,
  open: OpenObject,
  range: ByteRange | 'whole',
  ownSum: readonly HeaderLine[] | undefined,
): Reply {
  const { meta } = open
  const { status, headers } = headOf(target, place, mountpath, meta, range, ownSum)
  const offset = range === 'whole' ? 0 : range.offset
  const length = range === 'whole' ? meta.sizeBytes : range.length
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
}

/** Counts a read that will be answered, and notes the access; gives the time of the one before, Unix ns in digits. */
function countRead(
  target: TargetNode,
  mountpath: Mountpath,
  { bucket }: Place,
  meta: ObjectMeta,
  bytes: number,
): string {
  target.stats.add('get.n')
  target.stats.add('get.size', bytes)
  const before = target.atimes.touch(mountpath, bucket, meta.name)
  return before === undefined ? String(meta.atimeNs) : `${before}000000`
}

/** Status and header lines of a read that will be answered. */
export function headOf(
  target: TargetNode,
  place: Place,
  mountpath: Mountpath,
  meta: ObjectMeta,
  range: ByteRange | 'whole',
  ownSum: readonly HeaderLine[] | undefined,
): { readonly status: 200 | 206; readonly headers: readonly HeaderLine[] } {
  const bytes = range === 'whole' ? meta.sizeBytes : range.length
  const atime = countRead(target, mountpath, place, meta, bytes)
  let headers: HeaderLine[] = attributeHeaders(meta, atime)
  if (range === 'whole') {
    headers.push(octets)
    return { status: 200, headers }
  }
  if (ownSum !== undefined) {
    headers = headers.filter(([name]) => !name.startsWith('Ais-Checksum'))
    headers.push(...ownSum)
  }
  headers.push(
    ['Accept-Ranges', 'bytes'],
    ['Content-Range', contentRange(range, meta.sizeBytes)],
    octets,
  )
  return { status: 206, headers }
}
