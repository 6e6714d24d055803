import { hrwTarget } from '../cluster/hrw.ts'
import type { Snode } from '../cluster/snode.ts'
import { checkStatus } from '../node/node-answer.ts'
import type { Checksum } from '../object/checksum.ts'
import type { CustomMd } from '../object/custom-md.ts'
import type { HeaderLine } from '../ports/call.ts'
import { header } from '../wire/headers.ts'
import { objectTarget } from '../wire/target.ts'
import { durabilityOf } from './durability.ts'
import { type Place, placeObject, type TargetBucket, type TargetNode } from './target.ts'
import { commitObject, hashBody } from './write-object.ts'

/** Time a whole object may take to reach a peer: the idle bound of the transfer, not its length. */
const transferIdleMs = 60_000

/** What an object is to be made of. */
export interface Content {
  readonly sizeBytes: number
  /** It must hold; absent, `none` or empty: there is none to hold it against. */
  readonly checksum?: Checksum | undefined
  readonly custom: CustomMd
  /** The bytes, once. */
  read(): AsyncIterable<Uint8Array>
}

function knownChecksum({ checksum }: Content): Checksum | undefined {
  return checksum === undefined || checksum.type === 'none' || checksum.value === ''
    ? undefined
    : checksum
}

/** Writes it under a name of this target. Attributes come along, a version does not. */
async function putHere(target: TargetNode, to: Place, content: Content): Promise<void> {
  const { sizeBytes, custom } = content
  const draft = await to.mountpath.draft(to.bucket, to.name, {
    sizeBytes,
    checksumType: to.bucket.props.checksum.type,
    durability: durabilityOf(target, to.bucket.props),
  })
  try {
    const hash = hashBody(target, to, knownChecksum(content))
    for await (const chunk of content.read()) {
      hash.update(chunk)
      await draft.write(chunk)
    }
    const atimeNs = target.platform.clock.nowNs()
    await commitObject(target, to, draft, { checksum: hash.finish(), atimeNs, custom })
  } catch (error) {
    await draft.discard()
    throw error
  }
}

/** Sends it to the target that owns the name; resolves when that target has acknowledged it. */
async function putAtPeer(
  target: TargetNode,
  owner: Snode,
  to: Place,
  content: Content,
): Promise<void> {
  const { sizeBytes, custom } = content
  const headers: HeaderLine[] = custom.map(([key, value]) => [header.customMd, `${key}=${value}`])
  const checksum = knownChecksum(content)
  if (checksum !== undefined) {
    headers.push([header.checksumType, checksum.type], [header.checksumValue, checksum.value])
  }
  const call = {
    method: 'PUT',
    target: `${objectTarget(to.bucket.bck, to.name)}&set-new-custom=true`,
    headers,
    body: content.read(),
    lengthBytes: sizeBytes,
  }
  await checkStatus(await target.transport.call(owner, 'data', call, transferIdleMs))
}

/**
 * Makes `content` the object `name` of `bucket`, wherever that is owned; resolves when it is acknowledged.
 * @returns whether it went to another target
 * @throws AisError `ErrBadCksum`, or as a PUT
 */
export async function putContent(
  target: TargetNode,
  bucket: TargetBucket,
  name: string,
  content: Content,
): Promise<boolean> {
  const to = placeObject(target, bucket, name)
  const owner = hrwTarget(target.metadata.smap(), to.uname)
  const isHere = owner.daemonId === target.self().daemonId
  if (isHere) await putHere(target, to, content)
  else await putAtPeer(target, owner, to, content)
  return !isHere
}
