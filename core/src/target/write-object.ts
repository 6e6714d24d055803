import { AisError } from '../errors/ais-error.ts'
import { type Checksum, isChecksumType } from '../object/checksum.ts'
import { type CustomMd, checkCustomMd, parseCustomMd } from '../object/custom-md.ts'
import type { Body, Call, HeaderBlock } from '../ports/call.ts'
import type { Draft, NewObject, ObjectMeta } from '../ports/mountpath.ts'
import type { Hasher } from '../ports/platform.ts'
import { withBucketRetention } from '../s3/lock/object-lock.ts'
import { nativePairs } from '../s3/object/stored-metadata.ts'
import { dropOtherCopies } from './drop-other-copies.ts'
import { durabilityOf } from './durability.ts'
import { findObject, type Place, type TargetNode } from './target.ts'
import { verifyObject } from './verify-object.ts'
import { writeVersion } from './versions.ts'
import { writeOwned } from './write-owned.ts'

/**
 * The end-to-end checksum a client states, or `undefined`.
 * @throws AisError `ErrBadRequest` naming the header that is wrong
 */
export function clientChecksum(headers: HeaderBlock): Checksum | undefined {
  const type = headers.get('ais-checksum-type')
  const value = headers.get('ais-checksum-value')
  if ((type === undefined || type === '') && (value === undefined || value === '')) return undefined
  if (type === undefined || !isChecksumType(type)) {
    throw new AisError('ErrBadRequest', `invalid checksum type "${type ?? ''}" (Ais-Checksum-Type)`)
  }
  if (type === 'none') return undefined
  if (value === undefined || value === '') {
    throw new AisError('ErrBadRequest', `missing ${type} value (Ais-Checksum-Value)`)
  }
  // A value that no content can have is a mismatch like any other, told with the actual one, as upstream does.
  return { type, value: value.toLowerCase() }
}

/** `xxhash` and `xxhash2` are one function under two labels. */
function sameFunction(a: Checksum['type'], b: Checksum['type']): boolean {
  const plain = (type: string) => (type === 'xxhash2' ? 'xxhash' : type)
  return plain(a) === plain(b)
}

/** Hashes what flows for the bucket and, when it is of another type, for the client's check. */
export interface BodyHash {
  update(chunk: Uint8Array): void
  /** The checksum to store. @throws AisError `ErrBadCksum` when the client's does not hold */
  finish(): Checksum
}

/** @param lengthBytes of all that flows, where it is known */
export function hashBody(
  target: TargetNode,
  place: Place,
  client: Checksum | undefined,
  lengthBytes?: number,
): BodyHash {
  const type = place.bucket.props.checksum.type
  const own: Hasher | undefined =
    type === 'none' ? undefined : target.platform.createHasher(type, lengthBytes)
  const shared = client !== undefined && own !== undefined && sameFunction(client.type, type)
  const other =
    client === undefined || shared || client.type === 'none'
      ? undefined
      : target.platform.createHasher(client.type)
  return {
    update(chunk) {
      own?.update(chunk)
      other?.update(chunk)
    },
    finish() {
      const value = own?.digestHex() ?? ''
      const actual = shared ? value : other?.digestHex()
      if (client !== undefined && actual !== client.value) {
        target.stats.add('err.put.cksum.n')
        throw new AisError(
          'ErrBadCksum',
          `BAD DATA CHECKSUM: ${client.type}(${client.value} != ${actual}) (context: ${place.uname})`,
        )
      }
      return type === 'none' ? { type, value: '' } : { type, value }
    },
  }
}

/** The version after `existing`: a counter for `ais://`, empty when the bucket keeps none. */
export function nextVersion(place: Place, existing: ObjectMeta | undefined): string {
  if (!place.bucket.props.versioning.enabled) return ''
  const before =
    existing === undefined || existing.version === '' ? 0n : asCounter(existing.version)
  return String(before + 1n)
}

function asCounter(version: string): bigint {
  return /^\d{1,19}$/.test(version) ? BigInt(version) : 0n
}

/** What S3 said of the content before is not true of the new one. @throws AisError `ErrBadRequest` over the limit */
function mergedCustom(existing: ObjectMeta | undefined, given: CustomMd): CustomMd {
  if (given.length === 0 && (existing === undefined || existing.custom.length === 0)) return given
  const merged = [...new Map([...nativePairs(existing?.custom ?? []), ...given])]
  checkCustomMd(merged)
  return merged
}

/**
 * Makes `draft` the object's content: the one way in which content of any origin becomes visible.
 * Writers of one name go one after the other, so versions count without gaps. `merge` keeps custom metadata of the
 * version before that the new one does not name, as upstream does on PUT.
 * @param check decides on the version that is there, while no other writer is: what it throws keeps that
 */
export function commitObject(
  target: TargetNode,
  place: Place,
  draft: Draft,
  object: Omit<NewObject, 'version'>,
  mode: 'replace' | 'merge' = 'replace',
  check?: (existing: ObjectMeta | undefined) => void,
): Promise<ObjectMeta> {
  return writeOwned(target, place, () => {
    const existing = findObject(target, place)
    check?.(existing?.meta)
    const version = nextVersion(place, existing?.meta)
    const given = mode === 'merge' ? mergedCustom(existing?.meta, object.custom) : object.custom
    const custom = withBucketRetention(place.bucket.props, given, target.platform.clock.now())
    const durability = durabilityOf(target, place.bucket.props)
    const { bucket, mountpath } = place
    const { checksum, atimeNs, generation } = object
    const written = writeVersion(target, place, (name) =>
      mountpath.commit(
        bucket,
        name,
        draft,
        { checksum, atimeNs, generation, version, custom },
        durability,
      ),
    )
    return written.then((meta) => {
      const dropped = dropOtherCopies(target, { bucket, name: meta.name }, mountpath, durability)
      return dropped === undefined ? meta : dropped.then(() => meta)
    })
  })
}

/**
 * Whether this very content is stored already, and well: the same checksum in the row, and bytes on the disk that have it.
 * A copy that is gone or damaged is not "the same": the PUT that would have been spared repairs it. At durability `disk` every
 * PUT is written, since nobody knows how safe the earlier one is.
 */
async function holdsAlready(
  target: TargetNode,
  place: Place,
  client: Checksum | undefined,
): Promise<boolean> {
  const found = findObject(target, place)
  const stored = found?.meta.checksum
  if (client === undefined || found === undefined || stored === undefined) return false
  if (stored.type !== client.type || stored.value !== client.value) return false
  if (durabilityOf(target, place.bucket.props) === 'disk') return false
  try {
    const open = await found.mountpath.open(place.bucket, found.meta.name)
    try {
      await verifyObject(target, place, open)
      return true
    } finally {
      open.close()
    }
  } catch (error) {
    if (error instanceof AisError) return false
    throw error
  }
}

/** Reads a body to its end, only to check that it is what its checksum says. */
async function drainEqual(target: TargetNode, body: Body, client: Checksum): Promise<boolean> {
  if (client.type === 'none') return false
  const hasher = target.platform.createHasher(client.type)
  await body.consume((chunk) => hasher.update(chunk))
  return hasher.digestHex() === client.value
}

/** What a PUT did: nothing, because the content was there already, or a new version. */
export type Written =
  | { readonly unchanged: true }
  | { readonly unchanged: false; readonly meta: ObjectMeta }

/**
 * PUT of an object's whole content. Nothing of it is visible, and no work file is left, unless it arrived whole and its checksum held.
 * `customMode`: what becomes of custom metadata that the object has and the call does not name.
 * @throws AisError `ErrBadCksum`, `ErrClientGone`, `ErrCapExceeded`, `ErrBadRequest`
 */
export async function writeObject(
  target: TargetNode,
  place: Place,
  call: Call,
  customMode: 'merge' | 'replace' = 'merge',
): Promise<Written> {
  const client = clientChecksum(call.headers)
  const custom = parseCustomMd(call.headers.all('ais-custom-md'))
  if (client !== undefined && custom.length === 0 && (await holdsAlready(target, place, client))) {
    if (await drainEqual(target, call.body, client)) return { unchanged: true }
    target.stats.add('err.put.cksum.n')
    throw new AisError('ErrBadCksum', `BAD DATA CHECKSUM: ${place.uname} is not ${client.value}`)
  }
  const drafted = place.mountpath.draft(place.bucket, place.name, {
    sizeBytes: call.body.lengthBytes,
    checksumType: place.bucket.props.checksum.type,
    durability: durabilityOf(target, place.bucket.props),
  })
  const draft = drafted instanceof Promise ? await drafted : drafted
  try {
    const hash = hashBody(target, place, client, call.body.lengthBytes)
    await call.body.consume((chunk) => {
      hash.update(chunk)
      return draft.write(chunk)
    })
    const checksum = hash.finish()
    const atimeNs = target.platform.clock.nowNs()
    const meta = await commitObject(target, place, draft, { checksum, atimeNs, custom }, customMode)
    target.stats.add('put.n')
    target.stats.add('put.size', meta.sizeBytes)
    return { unchanged: false, meta }
  } catch (error) {
    await draft.discard()
    throw error
  }
}
