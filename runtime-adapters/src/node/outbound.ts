import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as TlsAgent } from 'node:https'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, NodeCall } from '@aistore-ts/core/ports/call.ts'
import type { Tls } from '@aistore-ts/core/ports/tls.ts'
import { createAnswer } from './answer.ts'
import { clientContext } from './tls-context.ts'
import { toWireText } from './wire-text.ts'

/** Idle connections kept for each origin. */
const idleSocketsMax = 64

/** Outbound calls of one platform: its own pool of connections, nothing global. */
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

/** `tls`: certificate and authorities for `https` origins; without, the system's authorities are trusted. */
export function createOutbound(tls?: Tls): Outbound {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: idleSocketsMax })
  let tlsAgent = makeTlsAgent(tls)
  // Calls under way end on their old connections, which the other side closes when they are idle.
  const forget = tls?.onChange(() => {
    tlsAgent = makeTlsAgent(tls)
  })

  function open(origin: URL, call: NodeCall): ClientRequest {
    const secure = origin.protocol === 'https:'
    if (!secure && origin.protocol !== 'http:') {
      throw new AisError('ErrBadRequest', `origin "${origin.href}" is neither http nor https`)
    }
    return (secure ? requestHttps : requestHttp)({
      agent: secure ? tlsAgent : agent,
      // URL keeps the brackets of an IPv6 address, the resolver wants none.
      host: origin.hostname.replace(/^\[|\]$/g, ''),
      port: origin.port === '' ? (secure ? 443 : 80) : Number(origin.port),
      method: call.method,
      path: call.target,
      headers: headerLines(origin, call),
    })
  }

  async function call(origin: string, call: NodeCall, timeoutMs: number): Promise<Answer> {
    const url = parseOrigin(origin)
    try {
      return await exchange(open(url, call), call, origin, timeoutMs)
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error
      if (isStream(call.body)) throw unreachable(origin, error.cause)
    }
    try {
      return await exchange(open(url, call), call, origin, timeoutMs)
    } catch (error) {
      throw error instanceof StaleConnection ? unreachable(origin, error.cause) : error
    }
  }

  return {
    call,
    close() {
      agent.destroy()
      tlsAgent.destroy()
      forget?.()
    },
  }
}

function makeTlsAgent(tls: Tls | undefined): TlsAgent {
  const trust = tls === undefined ? {} : clientContext(tls)
  return new TlsAgent({ ...trust, keepAlive: true, maxFreeSockets: idleSocketsMax })
}

/** A kept-alive connection the other side had already closed: it saw nothing of the request. */
class StaleConnection extends Error {}

/** Sends the call by an open request. @throws AisError `ErrUnreachable`, or `StaleConnection` */
export function exchange(
  request: ClientRequest,
  call: NodeCall,
  origin: string,
  timeoutMs: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { signal } = call
    // Says no at once, and to late sockets too: Deno sends a destroyed request again on a new connection.
    const abandon = (cause: unknown): void => {
      clearTimeout(timer)
      reject(unreachable(origin, cause))
      request.on('socket', (socket) => socket.destroy())
      request.destroy(cause instanceof Error ? cause : new Error(String(cause)))
    }
    const onAbort = (): void => abandon(signal?.reason)
    const timer = setTimeout(() => {
      abandon(new Error(`no answer within ${timeoutMs} ms`))
    }, timeoutMs)

    request.once('response', (message: IncomingMessage) => {
      clearTimeout(timer)
      resolve(createAnswer(request, message, origin, timeoutMs))
    })
    request.once('close', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      reject(unreachable(origin, new Error('the connection closed')))
    })
    // Late errors find the promise settled; without this listener they would be thrown.
    request.on('error', (cause) => {
      clearTimeout(timer)
      reject(
        request.reusedSocket && isReset(cause)
          ? new StaleConnection('stale connection', { cause })
          : unreachable(origin, cause),
      )
    })
    if (signal?.aborted) {
      onAbort()
      return
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    sendBody(request, call, timer).catch(abandon)
  })
}

async function sendBody(
  request: ClientRequest,
  call: NodeCall,
  timer: ReturnType<typeof setTimeout>,
): Promise<void> {
  const { body } = call
  if (body === undefined) {
    request.end()
    return
  }
  if (!isStream(body)) {
    // As bytes: a text body would be joined with the header block and take it from Latin-1 to UTF-8.
    request.end(typeof body === 'string' ? Buffer.from(body, 'utf8') : body)
    return
  }
  let sentBytes = 0
  for await (const chunk of body) {
    if (request.destroyed) return
    if (chunk.byteLength === 0) continue
    sentBytes += chunk.byteLength
    if (call.lengthBytes !== undefined && sentBytes > call.lengthBytes) {
      throw new Error(`the body is longer than the declared ${call.lengthBytes} bytes`)
    }
    await writeChunk(request, chunk)
    timer.refresh()
  }
  if (call.lengthBytes !== undefined && sentBytes !== call.lengthBytes) {
    throw new Error(`the body ended after ${sentBytes} of ${call.lengthBytes} bytes`)
  }
  request.end()
}

function writeChunk(request: ClientRequest, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // An answer may come, and the request end, while the body is still under way.
    const done = (): void => {
      request.off('close', done)
      resolve()
    }
    request.once('close', done)
    request.write(chunk, done)
  })
}

function headerLines(origin: URL, call: NodeCall): string[] {
  const lines: string[] = []
  let host = false
  for (const [name, value] of call.headers ?? []) {
    const lower = name.toLowerCase()
    if (lower === 'content-length' || lower === 'transfer-encoding') continue
    if (lower === 'host') host = true
    lines.push(name, toWireText(value))
  }
  if (!host) lines.unshift('Host', origin.host)
  const length = declaredBytes(call)
  if (length !== undefined) lines.push('Content-Length', String(length))
  else if (call.body !== undefined) lines.push('Transfer-Encoding', 'chunked')
  return lines
}

function declaredBytes({ body, lengthBytes, method }: NodeCall): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body)
  if (body instanceof Uint8Array) return body.byteLength
  if (body !== undefined) return lengthBytes
  return method === 'PUT' || method === 'POST' || method === 'PATCH' ? 0 : undefined
}

function isStream(body: NodeCall['body']): body is AsyncIterable<Uint8Array> {
  return body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)
}

function isReset(cause: Error): boolean {
  return 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE')
}

function parseOrigin(origin: string): URL {
  try {
    return new URL(origin)
  } catch (cause) {
    throw new AisError('ErrBadRequest', `origin "${origin}" is not a URL`, { cause })
  }
}

/** The one error of a call that got no whole answer. */
export function unreachable(origin: string, cause: unknown): AisError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AisError('ErrUnreachable', `${origin} cannot be reached: ${reason}`, { cause })
}
