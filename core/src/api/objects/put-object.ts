import type { NewMember } from '../../archive/member.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { archivePathOf } from '../../target/archive/archive-query.ts'
import {
  memberOfBody,
  parseAppendMode,
  writeArchived,
} from '../../target/archive/write-archived.ts'
import { placeOf } from '../../target/entry.ts'
import { attributeHeaders } from '../../target/object-headers.ts'
import type { Place, TargetNode } from '../../target/target.ts'
import { writeObject } from '../../target/write-object.ts'
import { header } from '../../wire/headers.ts'
import { queryParam } from '../../wire/query-params.ts'

/** PUT of a whole object, or, with `archpath`, of a file into a shard. No header lines come back when the content was there already (nothing changed). */
export const putObject = endpoint({
  resource: 'objects',
  method: 'PUT',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'PUT', true),
  async target(api, target) {
    const placed = placeOf(api, target, 'PUT', true)
    const place = placed instanceof Promise ? await placed : placed
    const path = api.target.query.get(queryParam.archivePath) ?? ''
    if (path !== '') return putArchived(api, target, place, path)
    // A copy from another target brings all of its metadata along, and is not mixed with what it replaces.
    const mode = api.target.query.bool('set-new-custom') ? 'replace' : 'merge'
    const written = await writeObject(target, place, api.call, mode)
    return emptyReply(200, written.unchanged ? [] : attributeHeaders(written.meta))
  },
})

async function putArchived(
  { call, target: { query } }: ApiCall,
  target: TargetNode,
  place: Place,
  path: string,
): Promise<Reply> {
  const mode = parseAppendMode(call.headers.get(header.archiveFlags.toLowerCase()))
  const member = memberOfBody(target, call, archivePathOf(path, place.name))
  const mime = query.get(queryParam.archiveMime) ?? ''
  await writeArchived(target, place, only(member), { mode, mime, signal: call.signal })
  target.stats.add('put.n')
  target.stats.add('put.size', member.sizeBytes)
  return emptyReply()
}

async function* only(member: NewMember): AsyncGenerator<NewMember> {
  yield member
}
