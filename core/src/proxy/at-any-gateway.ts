import { activeProxies } from '../cluster/smap.ts'
import { isAisError } from '../errors/ais-error.ts'
import type { ApiCall } from '../node/api-call.ts'
import type { Reply } from '../ports/call.ts'
import { encodePath } from '../wire/target.ts'
import type { ProxyNode } from './proxy.ts'
import { replyOf } from './relayed-reply.ts'

const askTimeoutMs = 10_000

/**
 * Answers a client about a job that one gateway alone knows: this one, else the first other one that does.
 * @param body of the call; none of HEAD
 * @throws AisError `ErrXactNotFound` when none of those that can be reached knows it, and what `here` throws
 */
export async function atAnyGateway(
  proxy: ProxyNode,
  { call, method, target }: ApiCall,
  body: string | undefined,
  here: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await here()
  } catch (error) {
    if (call.network !== 'public' || !isAisError(error, 'ErrXactNotFound')) throw error
    const self = proxy.self().daemonId
    const query = target.rawQuery === '' ? '' : `?${target.rawQuery}`
    const same = { method, target: `${encodePath(target.path)}${query}`, body }
    for (const other of activeProxies(proxy.metadata.smap())) {
      if (other.daemonId === self) continue
      try {
        const answer = await proxy.transport.call(other, 'control', same, askTimeoutMs)
        if (answer.status !== 404) return await replyOf(answer, method)
        answer.discard()
      } catch (unreachable) {
        if (!isAisError(unreachable, 'ErrUnreachable')) throw unreachable
      }
    }
    throw error
  }
}
