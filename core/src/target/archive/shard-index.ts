import { damaged, type Member } from '../../archive/member.ts'
import type { IndexedMember } from '../../archive/shard-index.ts'
import { ShardIndexReader, writeShardIndex } from '../../archive/shard-index.ts'
import { isAisError } from '../../errors/ais-error.ts'
import type { ObjectMeta, OpenObject } from '../../ports/mountpath.ts'
import { findObject, type Place, type TargetNode } from '../target.ts'
import { createGuard, openShard } from './open-shard.ts'

/** Of a shard's index: it is of this version of the shard, of another one, cannot be read, or there is none. */
export type IndexState = 'valid' | 'stale' | 'invalid' | 'absent'

/** The index of the version `meta`, wherever it is on this target. */
function readIndex(
  target: TargetNode,
  place: Place,
  { name, generation }: Pick<ObjectMeta, 'name' | 'generation'>,
): { readonly state: IndexState; readonly index?: ShardIndexReader } {
  let state: IndexState = 'absent'
  for (const mountpath of target.mountpaths()) {
    const kept = mountpath.shardIndex(place.bucket, name)
    if (kept === undefined) continue
    state = 'stale'
    if (kept.generation !== generation) continue
    try {
      return { state: 'valid', index: new ShardIndexReader(kept.bytes) }
    } catch (error) {
      if (!isAisError(error)) throw error
      return { state: 'invalid' }
    }
  }
  return { state }
}

/** How it stands with the index of a shard, and how many files it tells of. */
export function indexState(
  target: TargetNode,
  place: Place,
  meta: ObjectMeta,
): { readonly state: IndexState; readonly files: number } {
  const { state, index } = readIndex(target, place, meta)
  return { state, files: index?.count ?? 0 }
}

function memberOf(
  open: OpenObject,
  { name, offset, sizeBytes, mtimeSeconds }: IndexedMember,
): Member {
  const content = () => open.read(offset, sizeBytes)
  return { name, sizeBytes, mtimeSeconds, offset, content }
}

/**
 * Finds a file by the index of the shard that is open. `undefined`: there is no index to go by; `absent`: there is, and no
 * such file.
 */
export function indexedMember(
  target: TargetNode,
  place: Place,
  open: OpenObject,
  path: string,
): Member | 'absent' | undefined {
  const { index } = readIndex(target, place, open.meta)
  if (index === undefined) return undefined
  try {
    const found = index.find(path)
    if (found === undefined) return 'absent'
    const { offset, sizeBytes } = found
    const isInside = offset >= 0 && sizeBytes >= 0 && offset + sizeBytes <= open.meta.sizeBytes
    return isInside ? memberOf(open, found) : undefined
  } catch (error) {
    // Damaged: the shard itself tells.
    if (isAisError(error)) return undefined
    throw error
  }
}

/** What reading a shard's index entry for every file of it gives. @throws AisError as reading an archive */
async function membersOf(
  target: TargetNode,
  place: Place,
  signal: AbortSignal,
): Promise<{ readonly members: readonly IndexedMember[]; readonly meta: ObjectMeta }> {
  const shard = await openShard(target, place, '.tar', createGuard(target, signal))
  const reader = shard.members()
  try {
    const members: IndexedMember[] = []
    for (let member = await reader.next(); member; member = await reader.next()) {
      const { name, offset, sizeBytes, mtimeSeconds } = member
      if (offset === undefined) throw damaged('a file does not lie in it as it is', name)
      members.push({ name, offset, sizeBytes, mtimeSeconds })
    }
    return { members, meta: shard.open.meta }
  } finally {
    await reader.close()
    shard.close()
  }
}

/**
 * Reads a TAR shard from end to end and keeps where its files lie.
 * @returns the size of the shard; `undefined`: it was written again meanwhile
 * @throws AisError `ErrNotFound`; `ErrBadRequest` no TAR, or a damaged one; as the limits of archives
 */
export async function buildShardIndex(
  target: TargetNode,
  place: Place,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { members, meta } = await membersOf(target, place, signal)
  const bytes = writeShardIndex(members)
  const { generation, name, sizeBytes } = meta
  const found = findObject(target, place)
  if (found?.meta.generation !== generation) return undefined
  const isKept = await found.mountpath.storeShardIndex(place.bucket, name, { generation, bytes })
  return isKept ? sizeBytes : undefined
}
