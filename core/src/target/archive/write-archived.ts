import { appendArchive } from '../../archive/append-archive.ts'
import { type ArchiveFormat, formatOfName, parseMime } from '../../archive/formats.ts'
import type { NewMember } from '../../archive/member.ts'
import { findFormat } from '../../archive/open-archive.ts'
import { writeArchive } from '../../archive/write-archive.ts'
import { bckCname } from '../../bucket/bck.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { CustomMd } from '../../object/custom-md.ts'
import type { Call } from '../../ports/call.ts'
import type { ObjectMeta, OpenObject } from '../../ports/mountpath.ts'
import { nativePairs } from '../../s3/object/stored-metadata.ts'
import { durabilityOf } from '../durability.ts'
import { openPlaced } from '../open-placed.ts'
import { findObject, loadObject, type Place, type TargetNode } from '../target.ts'
import { commitObject, hashBody } from '../write-object.ts'
import { archiveFile, archivePlatform, createGuard } from './open-shard.ts'

/** What becomes of a shard that is there. @see AIStore api/apc ArchAppend */
export type AppendMode = 'replace' | 'append' | 'append-or-create'

/** The value of `Ais-Pine`. @throws AisError `ErrBadRequest` naming it */
export function parseAppendMode(text: string | undefined): AppendMode {
  if (text === undefined || text === '' || text === '0') return 'replace'
  if (text === '1') return 'append'
  if (text === '2') return 'append-or-create'
  throw new AisError('ErrBadRequest', `invalid archive flags "${text.slice(0, 32)}" (Ais-Pine)`)
}

/** The call's body as one member. @throws AisError `ErrBadRequest` its length is not stated */
export function memberOfBody(target: TargetNode, call: Call, name: string): NewMember {
  const sizeBytes = call.body.lengthBytes
  if (sizeBytes === undefined || sizeBytes === 0) {
    throw new AisError(
      'ErrBadRequest',
      'failed to archive: missing "Content-Length" in the request',
    )
  }
  const mtimeSeconds = Math.floor(target.platform.clock.now() / 1000)
  return { name, sizeBytes, mtimeSeconds, content: call.body }
}

/** Shards are written one append after the other. Never a name of an object: those begin with a provider. */
const appendLock = (uname: string) => `shard ${uname}`

/** How members get into a shard. */
export interface ArchiveWrite {
  readonly mode: AppendMode
  /** The format; empty: by the shard's extension, or else, of one that is there, by its first bytes. */
  readonly mime: string
  readonly signal: AbortSignal
}

/**
 * Writes `members` into the shard at `place`. The shard that is there stays as it was until all of them are in.
 * @throws AisError `ErrNotFound` nothing to append to; `ErrBadRequest` damaged, or of no known format; `ErrBusy` somebody
 * else wrote the shard meanwhile
 */
export function writeArchived(
  target: TargetNode,
  place: Place,
  members: AsyncIterable<NewMember>,
  write: ArchiveWrite,
): Promise<ObjectMeta> {
  return target.locks.write(appendLock(place.uname), async () => {
    const open = await openFormer(target, place, write.mode)
    try {
      return await writeOpened(target, place, members, write, open)
    } finally {
      open?.close()
    }
  })
}

async function openFormer(
  target: TargetNode,
  place: Place,
  mode: AppendMode,
): Promise<OpenObject | undefined> {
  if (mode === 'replace') return undefined
  if (mode === 'append') loadObject(target, place)
  return findObject(target, place) === undefined ? undefined : openPlaced(target, place)
}

/** The format of a shard that is not there yet. @throws AisError `ErrBadRequest` */
export function newFormat(name: string, mime: string): ArchiveFormat {
  const format = mime === '' ? formatOfName(name) : parseMime(mime)
  if (format !== undefined) return format
  throw new AisError('ErrBadRequest', `unknown filename extension ("${name.slice(0, 256)}")`)
}

async function writeOpened(
  target: TargetNode,
  place: Place,
  members: AsyncIterable<NewMember>,
  { mime, signal }: ArchiveWrite,
  open: OpenObject | undefined,
): Promise<ObjectMeta> {
  const platform = archivePlatform(target)
  const guard = createGuard(target, signal)
  let chunks: AsyncIterable<Uint8Array>
  if (open === undefined) {
    chunks = writeArchive(platform, newFormat(place.name, mime), members)
  } else {
    const file = archiveFile(open, place.name)
    const format = await findFormat(file, mime, guard)
    chunks = await appendArchive(platform, file, format, members, guard)
  }
  const custom: CustomMd = open === undefined ? [] : nativePairs(open.meta.custom)
  const draft = await place.mountpath.draft(place.bucket, place.name, {
    checksumType: place.bucket.props.checksum.type,
    durability: durabilityOf(target, place.bucket.props),
  })
  try {
    const hash = hashBody(target, place, undefined)
    for await (const chunk of chunks) {
      hash.update(chunk)
      await draft.write(chunk)
    }
    const object = { checksum: hash.finish(), atimeNs: target.platform.clock.nowNs(), custom }
    return await commitObject(target, place, draft, object, 'replace', (existing) => {
      if (open === undefined || existing?.generation === open.meta.generation) return
      throw new AisError(
        'ErrBusy',
        `${bckCname(place.bucket.bck)}/${place.name} was written meanwhile`,
      )
    })
  } catch (error) {
    await draft.discard()
    throw error
  }
}
