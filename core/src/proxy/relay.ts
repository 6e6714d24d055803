import type { Snode } from '../cluster/snode.ts'
import type { ApiCall } from '../node/api-call.ts'
import type { Call, HeaderLine, Reply } from '../ports/call.ts'
import { bucketMarker } from '../wire/redirect.ts'
import { encodePath } from '../wire/target.ts'
import type { ProxyNode } from './proxy.ts'

/** Headers that concern one connection (RFC 9110 7.6.1), or that the next hop makes anew. */
const hopByHop = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Silence after which a relayed transfer is given up, ms. */
export const relayIdleMs = 60_000

/** Answers of a target to a changing call are small; more is no answer of ours. */
const answerBytesMax = 1024 * 1024

/**
 * How the names begin of clients that send a body of unknown length once more when they are redirected: those of
 * upstream's Go library, which opens its reader anew for each try. @see AIStore api/object.go
 */
const repeatingAgents = ['aisloader', 'ais/', 'Go-http-client/'] as const

/**
 * Whether a client could follow a redirect with this body. One of unknown length that is on its way already comes
 * from a pipe or a generator, and cannot be sent twice, unless the client is known to do it.
 */
export function canRepeatBody({ body, headers }: Pick<Call, 'body' | 'headers'>): boolean {
  if (body.lengthBytes !== undefined || headers.get('expect') !== undefined) return true
  const agent = headers.get('user-agent')
  return agent !== undefined && repeatingAgents.some((name) => agent.startsWith(name))
}

/** Without what concerns one connection. */
export function endToEnd(lines: readonly HeaderLine[]): HeaderLine[] {
  return lines.filter(([name]) => !hopByHop.has(name.toLowerCase()))
}

/**
 * Passes the call with its body on to `owner`, chunk by chunk and as fast as the target takes it, and its answer
 * back. A body that breaks off on the way in breaks off on the way out: the target keeps nothing of it.
 */
export async function relayTo(
  proxy: ProxyNode,
  api: ApiCall,
  owner: Snode,
  bid: bigint,
): Promise<Reply> {
  const { call, target } = api
  const marker = bucketMarker(bid)
  const query = target.rawQuery === '' ? marker : `${target.rawQuery}&${marker}`
  const answer = await proxy.transport.call(
    owner,
    'data',
    {
      method: api.method,
      target: `${encodePath(target.path)}?${query}`,
      headers: endToEnd(call.headers.lines()),
      body: call.body,
      lengthBytes: call.body.lengthBytes,
      signal: call.signal,
    },
    relayIdleMs,
  )
  const bytes = await answer.bytes(answerBytesMax)
  return {
    status: answer.status,
    headers: endToEnd(answer.headers.lines()),
    body: bytes.length === 0 ? undefined : { kind: 'bytes', bytes },
  }
}
