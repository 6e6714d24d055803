import { ArchiveGuard, archiveLimits } from '../../archive/archive-guard.ts'
import type { ArchiveFormat } from '../../archive/formats.ts'
import type { ArchiveReader } from '../../archive/member.ts'
import { type ArchiveFile, findFormat, openArchive } from '../../archive/open-archive.ts'
import type { ArchivePlatform } from '../../archive/write-archive.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { OpenObject } from '../../ports/mountpath.ts'
import { afterTurn } from '../list-cursor.ts'
import { openPlaced } from '../open-placed.ts'
import type { Place, TargetNode } from '../target.ts'

/** A shard that is open: its version is pinned. */
export interface OpenShard {
  readonly open: OpenObject
  readonly file: ArchiveFile
  readonly format: ArchiveFormat
  readonly guard: ArchiveGuard
  /** The members from the start on. */
  members(): ArchiveReader
  close(): void
}

/** @throws AisError `ErrNotImpl` on a platform that cannot unpack */
export function archivePlatform({ platform }: Pick<TargetNode, 'platform'>): ArchivePlatform {
  const { compression } = platform
  if (compression === undefined) throw new AisError('ErrNotImpl', 'archives need compression')
  return { createHasher: platform.createHasher, compression }
}

/** The limits of one request that reads archives. */
export function createGuard(target: TargetNode, signal: AbortSignal): ArchiveGuard {
  const { monotonic } = target.platform.clock
  return new ArchiveGuard({
    limits: archiveLimits,
    signal,
    monotonic,
    afterTurn: () => afterTurn(target),
  })
}

/** The content of an object as the file of an archive. */
export function archiveFile(open: OpenObject, name: string): ArchiveFile {
  const { sizeBytes } = open.meta
  return {
    name,
    sizeBytes,
    openAt: (offset) => open.read(Math.min(offset, sizeBytes), Math.max(sizeBytes - offset, 0)),
  }
}

/**
 * Opens an object as an archive.
 * @param mime its format; empty: by its extension, or else by its first bytes
 * @throws AisError `ErrNotFound`, `ErrBadRequest` no archive
 */
export async function openShard(
  target: TargetNode,
  place: Place,
  mime: string,
  guard: ArchiveGuard,
): Promise<OpenShard> {
  const open = await openPlaced(target, place)
  try {
    const file = archiveFile(open, place.name)
    const format = await findFormat(file, mime, guard)
    const platform = archivePlatform(target)
    const members = () => openArchive(platform, file, format, guard)
    return { open, file, format, guard, members, close: () => open.close() }
  } catch (error) {
    open.close()
    throw error
  }
}
