import type { Snode } from '../cluster/snode.ts'
import type { ApiCall } from '../node/api-call.ts'
import { redirectReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import type { ProxyNode } from './proxy.ts'

/**
 * Sends the client to `owner`: 301 for GET, 307 for the rest, as upstream. Decided from the headers alone; the body
 * is not read.
 * @param bid of the bucket as this gateway knows it
 */
export function redirectTo(proxy: ProxyNode, api: ApiCall, owner: Snode, bid: bigint): Reply {
  const status = api.method === 'GET' ? 301 : 307
  return redirectReply(status, proxy.redirectSigner.location(api, owner, bid))
}
