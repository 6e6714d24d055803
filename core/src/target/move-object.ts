import { bckCname } from '../bucket/bck.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkStatus } from '../node/node-answer.ts'
import type { HeaderLine } from '../ports/call.ts'
import type { ObjectMeta, OpenObject } from '../ports/mountpath.ts'
import { withoutLock } from '../s3/lock/object-lock.ts'
import { header } from '../wire/headers.ts'
import { objectTarget } from '../wire/target.ts'
import { durabilityOf } from './durability.ts'
import {
  findObject,
  loadObject,
  type Place,
  placeObject,
  type TargetBucket,
  type TargetNode,
} from './target.ts'
import { isVersioned } from './version-rows.ts'
import { addMarker } from './versions.ts'
import { commitObject, hashBody } from './write-object.ts'
import { writeOwned } from './write-owned.ts'

/** Time a whole object may take to reach a peer: the idle bound of the transfer, not its length. */
const transferIdleMs = 60_000

/** Writes the content of `open` under another name of this target. Attributes come along, the version does not. */
async function copyHere(target: TargetNode, to: Place, open: OpenObject): Promise<ObjectMeta> {
  const draft = await to.mountpath.draft(to.bucket, to.name, {
    sizeBytes: open.meta.sizeBytes,
    checksumType: to.bucket.props.checksum.type,
    durability: durabilityOf(target, to.bucket.props),
  })
  try {
    const source = open.meta.checksum
    const client = source.type === 'none' || source.value === '' ? undefined : source
    const hash = hashBody(target, to, client)
    for await (const chunk of open.read()) {
      hash.update(chunk)
      await draft.write(chunk)
    }
    const checksum = hash.finish()
    const atimeNs = target.platform.clock.nowNs()
    const custom = withoutLock(open.meta.custom)
    return await commitObject(target, to, draft, { checksum, atimeNs, custom })
  } catch (error) {
    await draft.discard()
    throw error
  }
}

/** Sends the content to the target that owns `to`; resolves when that target has acknowledged it. */
async function copyToPeer(
  target: TargetNode,
  owner: ReturnType<typeof hrwTarget>,
  to: { readonly bucket: TargetBucket; readonly name: string },
  open: OpenObject,
): Promise<void> {
  const { meta } = open
  const headers: HeaderLine[] = withoutLock(meta.custom).map(([key, value]) => [
    header.customMd,
    `${key}=${value}`,
  ])
  if (meta.checksum.type !== 'none' && meta.checksum.value !== '') {
    headers.push([header.checksumType, meta.checksum.type])
    headers.push([header.checksumValue, meta.checksum.value])
  }
  const answer = await target.transport.call(
    owner,
    'data',
    {
      method: 'PUT',
      target: `${objectTarget(to.bucket.bck, to.name)}&set-new-custom=true`,
      headers,
      body: open.read(),
      lengthBytes: meta.sizeBytes,
    },
    transferIdleMs,
  )
  await checkStatus(answer)
}

/**
 * Copies an object of this target to `name` in `bucket`, wherever that is owned; resolves when the copy is acknowledged.
 * @throws AisError `ErrNotFound`
 */
export async function copyObject(
  target: TargetNode,
  from: Place,
  bucket: TargetBucket,
  name: string,
): Promise<void> {
  const { mountpath, meta } = loadObject(target, from)
  const to = placeObject(target, bucket, name)
  const open = await mountpath.open(from.bucket, meta.name)
  try {
    if (from.uname === to.uname) return
    const owner = hrwTarget(target.metadata.smap(), to.uname)
    if (owner.daemonId === target.self().daemonId) await copyHere(target, to, open)
    else await copyToPeer(target, owner, to, open)
  } finally {
    open.close()
  }
}

/**
 * Renames within the bucket. The new name appears before the old one goes, so a crash leaves one or both, never none.
 * @throws AisError `ErrNotFound`, `ErrBadRequest` when both names are the same
 */
export async function renameObject(target: TargetNode, from: Place, name: string): Promise<void> {
  if (from.name === name) {
    throw new AisError(
      'ErrBadRequest',
      `cannot rename ${bckCname(from.bucket.bck)}/${name} to itself`,
    )
  }
  const durability = durabilityOf(target, from.bucket.props)
  const { mountpath } = loadObject(target, from)
  const to = placeObject(target, from.bucket, name)
  const owner = hrwTarget(target.metadata.smap(), to.uname)
  const local = owner.daemonId === target.self().daemonId
  if (local && to.mountpath === mountpath && !isVersioned(from)) {
    // Always the lesser name first: two opposite renames must not wait for each other.
    const [first, second] = from.uname < to.uname ? [from, to] : [to, from]
    await writeOwned(target, first, () =>
      writeOwned(target, second, () => mountpath.rename(from.bucket, from.name, name, durability)),
    )
  } else {
    const before = findObject(target, from)?.meta.generation
    await copyObject(target, from, from.bucket, name)
    await writeOwned(target, from, async () => {
      const now = findObject(target, from)
      if (now === undefined || now.meta.generation !== before) return
      if (isVersioned(from)) await addMarker(target, from)
      else await now.mountpath.remove(from.bucket, from.name, durability)
    })
  }
  target.stats.add('ren.n')
}
