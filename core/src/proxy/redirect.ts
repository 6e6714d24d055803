import type { Snode } from '../cluster/snode.ts'
import type { ApiCall } from '../node/api-call.ts'
import { redirectReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import { redirectMarker } from '../wire/redirect.ts'
import { encodePath } from '../wire/target.ts'
import type { ProxyNode } from './proxy.ts'

/**
 * Sends the client to `owner`: 301 for GET, 307 for the rest, as upstream. Decided from the headers alone; the body
 * is not read.
 * @param bid of the bucket as this gateway knows it
 */
export function redirectTo(proxy: ProxyNode, api: ApiCall, owner: Snode, bid: bigint): Reply {
  const { target } = api
  const marker = redirectMarker(proxy.self().daemonId, proxy.platform.clock.nowNs(), bid)
  const query = target.rawQuery === '' ? marker : `${target.rawQuery}&${marker}`
  const status = api.method === 'GET' ? 301 : 307
  return redirectReply(status, `${owner.publicNet.url}${encodePath(target.path)}?${query}`)
}
