import type { EdgeMap } from '@aistore-ts/core/edge/edge-map.ts'
import { AisError, isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, Call, HeaderLine, NodeCall, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { endToEnd, relayIdleMs } from '@aistore-ts/core/proxy/relay.ts'
import { replyOf } from '@aistore-ts/core/proxy/relayed-reply.ts'
import { isSafeOrigin } from './edge-settings.ts'

/** A call with its body, chunk by chunk and as fast as the other side takes it. */
function outward(call: Call, target: string, more: readonly HeaderLine[]): NodeCall {
  const hasBody = call.body.lengthBytes !== 0
  return {
    method: call.method,
    target,
    headers: [...endToEnd(call.headers.lines()), ...more],
    body: hasBody ? call.body : undefined,
    lengthBytes: hasBody ? call.body.lengthBytes : undefined,
    signal: call.signal,
  }
}

/** Passes the same call on to `url` and its answer back. @throws AisError `ErrUnreachable` */
export async function relayToUrl(call: Call, url: string, send: Platform['call']): Promise<Reply> {
  const slash = url.indexOf('/', url.indexOf('//') + 2)
  const origin = url.slice(0, slash)
  if (!isSafeOrigin(origin)) {
    throw new AisError('ErrUnreachable', `target ${origin}: plain HTTP stays in private networks`)
  }
  const answer = await send(origin, outward(call, url.slice(slash), []), relayIdleMs)
  return replyOf(answer, call.method)
}

/**
 * Passes a call on to a gateway, the next one when it cannot be reached, as long as nothing of a body went out.
 * @throws AisError `ErrUnreachable`
 */
export async function passToGateway(
  call: Call,
  map: EdgeMap,
  send: Platform['call'],
): Promise<Reply> {
  const outgoing = outward(call, call.target, [])
  let last: unknown = new AisError('ErrUnreachable', 'no gateway is in the map')
  for (const origin of map.gateways) {
    let answer: Answer
    try {
      answer = await send(origin, outgoing, relayIdleMs)
    } catch (error) {
      if (!isAisError(error, 'ErrUnreachable') || outgoing.body !== undefined) throw error
      last = error
      continue
    }
    return replyOf(answer, call.method)
  }
  throw last
}
