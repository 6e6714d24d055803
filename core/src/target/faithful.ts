import type { ApiCall } from '../node/api-call.ts'
import { redirectReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'
import { encodePath } from '../wire/target.ts'
import type { TargetNode } from './target.ts'

/** Whether a reply about this object says something a lossy listener would not keep: several lines, several files. */
export function needsFaithfulReply(meta: ObjectMeta): boolean {
  return meta.custom.length > 1 || (meta.chunks?.length ?? 0) > 1
}

/** Sends the client on to this target's faithful listener, with the gateway's marker. */
export function redirectToFaithful(target: TargetNode, { target: asked }: ApiCall): Reply {
  const query = asked.rawQuery === '' ? '' : `?${asked.rawQuery}`
  return redirectReply(301, `${target.self().publicNet.url}${encodePath(asked.path)}${query}`)
}
