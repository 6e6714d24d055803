import { askingHeader, bodyWantedStatus, edgeHostHeader } from '@aistore-ts/core/edge/edge-call.ts'
import type { EdgeMap } from '@aistore-ts/core/edge/edge-map.ts'
import { AisError, isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, Call, HeaderLine, NodeCall, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { endToEnd, relayIdleMs } from '@aistore-ts/core/proxy/relay.ts'
import { replyOf } from '@aistore-ts/core/proxy/relayed-reply.ts'
import { isSafeOrigin, type Reach } from './edge-settings.ts'
import { type OutwardBody, outwardBody } from './outward-body.ts'

/** Where a call is passed on, and by what. */
export interface PassOn {
  readonly map: EdgeMap
  readonly reach: Reach
  readonly send: Platform['call']
}

/** Redirects of a gateway. */
const redirects: ReadonlySet<number> = new Set([301, 307])

function ownLines(call: Call): HeaderLine[] {
  const lines = endToEnd(call.headers.lines())
  return lines.filter(([name]) => name !== askingHeader && name !== edgeHostHeader)
}

function originOf(url: string): string {
  const slash = url.indexOf('/', url.indexOf('//') + 2)
  return slash < 0 ? url : url.slice(0, slash)
}

/** Sends a call with its body, chunk by chunk and as fast as the other side takes it. @throws AisError `ErrUnreachable` */
export async function callUrl(
  url: string,
  call: Call,
  body: OutwardBody | undefined,
  send: Platform['call'],
): Promise<Answer> {
  const origin = originOf(url)
  if (!isSafeOrigin(origin)) {
    throw new AisError('ErrUnreachable', `target ${origin}: plain HTTP stays in private networks`)
  }
  const outgoing: NodeCall = {
    method: call.method,
    target: url.slice(origin.length),
    headers: ownLines(call),
    body: body?.content,
    lengthBytes: body?.lengthBytes,
    signal: call.signal,
  }
  return send(origin, outgoing, relayIdleMs)
}

async function sendTo(
  url: string,
  call: Call,
  body: OutwardBody | undefined,
  send: Platform['call'],
): Promise<Reply> {
  return replyOf(await callUrl(url, call, body, send), call.method)
}

/** Passes the same call on to `url` and its answer back. @throws AisError `ErrUnreachable` */
export async function relayToUrl(call: Call, url: string, send: Platform['call']): Promise<Reply> {
  return sendTo(url, call, await outwardBody(call), send)
}

/** Gateways one after the other, until one can be reached; once, where the call may have changed something. */
async function callAnyGateway(
  { map, send }: PassOn,
  outgoing: NodeCall,
  mayRepeat: boolean,
): Promise<Answer> {
  let last: unknown = new AisError('ErrUnreachable', 'no gateway is in the map')
  for (const origin of map.gateways) {
    try {
      return await send(origin, outgoing, relayIdleMs)
    } catch (error) {
      if (!isAisError(error, 'ErrUnreachable') || !mayRepeat) throw error
      last = error
    }
  }
  throw last
}

/** Whether the body of a call is held back until it is known who wants it. */
function asksFirst(call: Call, reach: Reach): boolean {
  if (call.method !== 'PUT' || call.body.lengthBytes === 0) return false
  return reach === 'edge' || call.headers.get('expect') !== undefined
}

function redirectOf(answer: Answer, { map, reach }: PassOn): string | undefined {
  if (reach !== 'edge' || !redirects.has(answer.status)) return undefined
  const location = answer.headers.get('location') ?? ''
  const origin = originOf(location)
  // Nowhere but to targets: the call carries what its client authenticates with.
  return map.targets.some(({ url }) => url === origin) ? location : undefined
}

/**
 * Passes a call on to a gateway, the next one when it cannot be reached, as long as nothing of a change went out. Where
 * the client can reach nobody but this edge, a redirect is followed here.
 * @throws AisError `ErrUnreachable`; what is wrong with the client's body
 */
export async function passToGateway(call: Call, on: PassOn): Promise<Reply> {
  const { method, target, signal } = call
  const host: HeaderLine = [edgeHostHeader, call.headers.get('host') ?? '']
  const headers = [...ownLines(call), host]
  const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
  if (asksFirst(call, on.reach)) {
    const asking: HeaderLine = [askingHeader, String(call.body.lengthBytes ?? 'chunked')]
    const outgoing = { method, target, headers: [...headers, asking], signal }
    const answer = await callAnyGateway(on, outgoing, true)
    if (answer.status !== bodyWantedStatus) {
      const location = redirectOf(answer, on)
      if (location === undefined) return replyOf(answer, method)
      answer.discard()
      return relayToUrl(call, location, on.send)
    }
    answer.discard()
  }
  const body = await outwardBody(call)
  const outgoing = {
    ...{ method, target, headers, signal },
    ...{ body: body?.content, lengthBytes: body?.lengthBytes },
  }
  let answer: Answer
  try {
    answer = await callAnyGateway(on, outgoing, reads && (body?.isWhole ?? true))
  } catch (error) {
    throw body?.failure() ?? error
  }
  const location = redirectOf(answer, on)
  if (location === undefined || (body !== undefined && !body.isWhole)) {
    return replyOf(answer, method)
  }
  answer.discard()
  return sendTo(location, call, body, on.send)
}
