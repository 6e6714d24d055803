import { checkMemberName, type Member, type NewMember, sameMember } from '../../archive/member.ts'
import { writeArchive } from '../../archive/write-archive.ts'
import { bckCname } from '../../bucket/bck.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { Call, Reply, ReplyBody } from '../../ports/call.ts'
import type { Place, TargetNode } from '../target.ts'
import type { ArchiveQuery } from './archive-query.ts'
import { archivePlatform, createGuard, type OpenShard, openShard } from './open-shard.ts'
import { indexedMember } from './shard-index.ts'

function memberNotFound(target: TargetNode, place: Place, what: string): AisError {
  const { daemonId } = target.self()
  const shard = `${bckCname(place.bucket.bck)}/${place.name}`
  return new AisError('ErrNotFound', `t[${daemonId}]: ${what} in ${shard} does not exist`)
}

/** The first member called `path`. @throws AisError `ErrNotFound` */
export async function findMember(
  target: TargetNode,
  place: Place,
  reader: { next(): Promise<Member | undefined> },
  path: string,
): Promise<Member> {
  for (let member = await reader.next(); member; member = await reader.next()) {
    if (sameMember(member.name, path)) return member
  }
  throw memberNotFound(target, place, path)
}

/**
 * GET of one file inside a shard, or, as a tar stream, of all that match.
 * @throws AisError `ErrNotFound` nothing there; `ErrUnsupp` with a range; `ErrBadRequest` no archive, or a damaged one
 */
export async function readArchived(
  target: TargetNode,
  place: Place,
  call: Call,
  query: ArchiveQuery,
): Promise<Reply> {
  const range = call.headers.get('range')
  if (range !== undefined) {
    throw new AisError('ErrUnsupp', `range-read archived content (range: ${range.slice(0, 64)})`)
  }
  const shard = await openShard(target, place, query.mime, createGuard(target, call.signal))
  const reply =
    query.kind === 'one'
      ? await readOne(target, place, shard, query.path)
      : await readMatching(target, place, shard, query)
  target.atimes.touch(place.mountpath, place.bucket, place.name)
  target.stats.add('get.n')
  return reply
}

/** The reply; whatever happens, `end` is called once it is over. */
function replyOf(target: TargetNode, type: string, body: ReplyBody, end: () => void): Reply {
  return {
    status: 200,
    headers: [['Content-Type', type]],
    body,
    onEnd(complete) {
      end()
      if (!complete) target.stats.add('err.http.write.n')
    },
  }
}

async function readOne(
  target: TargetNode,
  place: Place,
  shard: OpenShard,
  path: string,
): Promise<Reply> {
  const reader = shard.members()
  const end = () => void reader.close().finally(shard.close)
  try {
    const known = shard.format === '.tar' && indexedMember(target, place, shard.open, path)
    if (known === 'absent') throw memberNotFound(target, place, path)
    const member = known || (await findMember(target, place, reader, path))
    const { sizeBytes, offset } = member
    target.stats.add('get.size', sizeBytes)
    // What lies in the file as it is goes out as any other range of it.
    const isPlain = shard.format === '.tar' && offset !== undefined && sizeBytes > 0
    const isInside = isPlain && offset + sizeBytes <= shard.file.sizeBytes
    const body: ReplyBody = isInside
      ? shard.open.body(offset, sizeBytes)
      : { kind: 'stream', chunks: member.content(), lengthBytes: sizeBytes }
    return replyOf(target, 'application/octet-stream', body, end)
  } catch (error) {
    end()
    throw error
  }
}

async function readMatching(
  target: TargetNode,
  place: Place,
  shard: OpenShard,
  { matches, title }: ArchiveQuery & { kind: 'matching' },
): Promise<Reply> {
  const reader = shard.members()
  const end = () => void reader.close().finally(shard.close)
  try {
    const next = async (): Promise<Member | undefined> => {
      for (let member = await reader.next(); member; member = await reader.next()) {
        if (matches(member.name)) return member
      }
      return undefined
    }
    const first = await next()
    if (first === undefined) throw memberNotFound(target, place, title)
    const chunks = writeArchive(archivePlatform(target), '.tar', following(first, next))
    return replyOf(target, 'application/x-tar', { kind: 'stream', chunks }, end)
  } catch (error) {
    end()
    throw error
  }
}

/** `first` and what comes behind it, on its way into another archive. */
async function* following(
  first: Member,
  next: () => Promise<Member | undefined>,
): AsyncGenerator<NewMember> {
  for (let member: Member | undefined = first; member; member = await next()) {
    checkMemberName(member.name)
    const { name, sizeBytes, mtimeSeconds } = member
    yield { name, sizeBytes, mtimeSeconds, content: member.content() }
  }
}
