import { AisError } from '../errors/ais-error.ts'
import { isChecksumType } from '../object/checksum.ts'
import type { Call } from '../ports/call.ts'
import type { Mountpath } from '../ports/mountpath.ts'
import { nativePairs } from '../s3/object/stored-metadata.ts'
import { findObject, type Place, type TargetNode } from './target.ts'
import { clientChecksum, commitObject, hashBody } from './write-object.ts'

/** The parts of `Ais-Append-Handle`: `tid|mountpath ID/work ID|checksum type|`. Opaque to clients. */
export interface AppendHandleText {
  readonly targetId: string
  readonly mountpathId: string
  readonly workId: string
}

/** @throws AisError `ErrBadRequest` naming `append_handle` */
export function parseAppendHandle(text: string): AppendHandleText {
  const [targetId = '', work = '', type = ''] = text.split('|')
  const slash = work.indexOf('/')
  if (targetId === '' || slash <= 0 || !isChecksumType(type)) {
    throw new AisError('ErrBadRequest', `invalid append handle "${text}" (append_handle)`)
  }
  return { targetId, mountpathId: work.slice(0, slash), workId: work.slice(slash + 1) }
}

function formatHandle(
  target: TargetNode,
  place: Place,
  mountpath: Mountpath,
  workId: string,
): string {
  const { type } = place.bucket.props.checksum
  return `${target.self().daemonId}|${mountpath.id}/${workId}|${type}|`
}

/** Calls on one handle go one after the other. Never a name of an object: those begin with a provider. */
function appendLock(workId: string): string {
  return `append ${workId}`
}

function mountpathOf(target: TargetNode, handle: AppendHandleText): Mountpath {
  const found = target.mountpaths().find((mountpath) => mountpath.id === handle.mountpathId)
  if (found && handle.targetId === target.self().daemonId) return found
  throw new AisError('ErrNotFound', `append handle "${handle.workId}" does not exist`)
}

/**
 * Appends the body to the work file of `handleText`; empty starts one, with the object's content when it exists.
 * @returns the handle for the next call
 * @throws AisError `ErrNotFound` unknown handle, `ErrBadRequest`
 */
export async function appendObject(
  target: TargetNode,
  place: Place,
  call: Call,
  handleText: string,
): Promise<string> {
  let mountpath: Mountpath
  let workId: string
  if (handleText === '') {
    mountpath = place.mountpath
    const existing = findObject(target, place)
    const from = await existing?.mountpath.open(place.bucket, existing.meta.name)
    try {
      workId = (await mountpath.appendBegin(place.bucket, place.name, from)).id
    } finally {
      from?.close()
    }
  } else {
    const handle = parseAppendHandle(handleText)
    mountpath = mountpathOf(target, handle)
    workId = handle.workId
  }
  await target.locks.write(appendLock(workId), async () => {
    await mountpath.appendWrite(place.bucket, place.name, workId, call.body)
  })
  target.stats.add('append.n')
  return formatHandle(target, place, mountpath, workId)
}

/**
 * Makes what was appended the object. The optional checksum headers are checked against all of it; when they do not
 * hold, nothing changes and the handle stays good.
 * @throws AisError `ErrNotFound`, `ErrBadCksum`, `ErrBadRequest`
 */
export async function flushAppend(
  target: TargetNode,
  place: Place,
  call: Call,
  handleText: string,
): Promise<void> {
  const handle = parseAppendHandle(handleText)
  const mountpath = mountpathOf(target, handle)
  const client = clientChecksum(call.headers)
  await target.locks.write(appendLock(handle.workId), async () => {
    // A flush that fails leaves what was appended: its bytes were acknowledged.
    const draft = await mountpath.appendDraft(place.bucket, place.name, handle.workId)
    const hash = hashBody(target, place, client)
    const keepsSums = place.bucket.props.checksum.type !== 'none'
    if (keepsSums || client !== undefined) {
      for await (const chunk of draft.read()) hash.update(chunk)
    }
    const checksum = hash.finish()
    const atimeNs = target.platform.clock.nowNs()
    const custom = nativePairs(findObject(target, place)?.meta.custom ?? [])
    await commitObject(target, { ...place, mountpath }, draft, { checksum, atimeNs, custom })
  })
}
