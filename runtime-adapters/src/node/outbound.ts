import { request as requestHttps, Agent as TlsAgent } from 'node:https'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, NodeCall } from '@aistore-ts/core/ports/call.ts'
import type { Tls } from '@aistore-ts/core/ports/tls.ts'
import { callLines, isStream } from '../http1/outbound/call-head.ts'
import { ConnectionPool, idleConnectionsMax } from '../http1/outbound/connection-pool.ts'
import type { Dial } from '../http1/outbound/dial.ts'
import { StaleConnection, unreachable } from '../http1/outbound/unreachable.ts'
import { messageExchange } from './message-exchange.ts'
import { createNetDial } from './net-dial.ts'
import { clientContext } from './tls-context.ts'

/** Outbound calls of one platform: its own pools of connections, nothing global. */
export interface Outbound {
  /**
   * Sends `call` to `origin` and resolves with the header block of the answer. `timeoutMs` bounds every wait
   * for the other side: to connect, to take the next chunk, to answer, to send the next chunk of its body.
   * A call whose kept-alive connection turns out dead before any answer is sent once more, unless its body is
   * a stream. Redirects are answers; nothing is decompressed.
   * @throws AisError `ErrUnreachable`, with the reason as `cause`
   */
  call(origin: string, call: NodeCall, timeoutMs: number): Promise<Answer>
  close(): void
}

/** What outbound calls are made with. */
export interface OutboundOptions {
  /** Certificate and authorities for `https` origins; without, the system's authorities are trusted. */
  readonly tls?: Tls | undefined
  /** How `http` origins are connected to. */
  readonly dial?: Dial | undefined
}

/** `http` goes over our own HTTP face, `https` over that of the runtime. */
export function createOutbound({ tls, dial = createNetDial() }: OutboundOptions = {}): Outbound {
  const pool = new ConnectionPool(dial)
  let agent = makeAgent(tls)
  // Calls under way end on their old connections, which the other side closes when they are idle.
  const forget = tls?.onChange(() => {
    agent = makeAgent(tls)
  })

  function callSecurely(origin: URL, call: NodeCall, timeoutMs: number): Promise<Answer> {
    const request = requestHttps({
      agent,
      // URL keeps the brackets of an IPv6 address, the resolver wants none.
      host: origin.hostname.replace(/^\[|\]$/g, ''),
      port: origin.port === '' ? 443 : Number(origin.port),
      method: call.method,
      path: call.target,
      headers: callLines(origin.host, call).flat(),
    })
    return messageExchange(request, call, origin.origin, timeoutMs)
  }

  return {
    async call(origin, call, timeoutMs) {
      const url = parseOrigin(origin)
      if (url.protocol === 'http:') return pool.call(url, call, timeoutMs)
      try {
        return await callSecurely(url, call, timeoutMs)
      } catch (error) {
        if (!(error instanceof StaleConnection)) throw error
        if (isStream(call.body)) throw unreachable(origin, error.cause)
      }
      try {
        return await callSecurely(url, call, timeoutMs)
      } catch (error) {
        throw error instanceof StaleConnection ? unreachable(origin, error.cause) : error
      }
    },
    close() {
      pool.close()
      agent.destroy()
      forget?.()
    },
  }
}

function makeAgent(tls: Tls | undefined): TlsAgent {
  const trust = tls === undefined ? {} : clientContext(tls)
  return new TlsAgent({ ...trust, keepAlive: true, maxFreeSockets: idleConnectionsMax })
}

function parseOrigin(origin: string): URL {
  const url = URL.parse(origin)
  if (url === null) throw new AisError('ErrBadRequest', `origin "${origin}" is not a URL`)
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw new AisError('ErrBadRequest', `origin "${url.href}" is neither http nor https`)
}
