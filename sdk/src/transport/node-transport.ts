import http from 'node:http'
import https from 'node:https'
import { NetworkError, type NetworkPhase, systemCode } from '../errors/network-error.ts'
import type { TlsOptions } from '../options.ts'
import type { HttpRequest, HttpResponse, HttpTransport } from './http-transport.ts'
import type { RequestBody } from './request-body.ts'
import { ResponseHeaders, toLatin1 } from './response-headers.ts'

/** How long a server may take to say `100 Continue` or to refuse, before the body goes anyway, ms. */
const continueWaitMs = 3000

export interface NodeTransportOptions {
  /** Connections kept per host. */
  readonly connectionsMax: number
  readonly tls?: TlsOptions | undefined
}

/** Transport over `node:http`, for Node, Bun and Deno: keep-alive, bodies on GET, raw targets, repeated headers. */
export function createNodeTransport(options: NodeTransportOptions): HttpTransport {
  const pool = { keepAlive: true, maxSockets: options.connectionsMax, scheduling: 'lifo' as const }
  const plain = new http.Agent(pool)
  const secure = new https.Agent({ ...pool, ...options.tls })
  return {
    getWithBody: true,
    send: (request) => exchange(request, plain, secure),
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

function exchange(
  request: HttpRequest,
  plain: http.Agent,
  secure: https.Agent,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => start(request, plain, secure, resolve, reject))
}

function start(
  request: HttpRequest,
  plain: http.Agent,
  secure: https.Agent,
  resolve: (response: HttpResponse) => void,
  reject: (error: unknown) => void,
): void {
  if (request.signal?.aborted === true) {
    reject(request.signal.reason)
    return
  }
  const parts = splitUrl(request.url)
  const options: http.RequestOptions = {
    method: request.method,
    host: parts.host,
    port: parts.port,
    path: parts.target,
    headers: headerRecord(request),
    setHost: true,
  }
  const outgoing = parts.secure
    ? https.request({ ...options, agent: secure })
    : http.request({ ...options, agent: plain })

  let phase: NetworkPhase = 'connect'
  let answered = false
  const fail = (error: unknown) => {
    cleanUp()
    if (request.signal?.aborted === true) {
      reject(request.signal.reason)
      return
    }
    const text = error instanceof Error ? error.message : String(error)
    const code = systemCode(error)
    const stale = outgoing.reusedSocket === true && phase !== 'receive'
    reject(new NetworkError(phase, request.url, text, stale ? 'ESTALE' : code, error))
  }
  const onAbort = () => outgoing.destroy(new Error('aborted'))
  let connectTimer: ReturnType<typeof setTimeout> | undefined
  const cleanUp = () => {
    clearTimeout(connectTimer)
    request.signal?.removeEventListener('abort', onAbort)
  }

  request.signal?.addEventListener('abort', onAbort)
  outgoing.on('error', (error) => {
    if (!answered) fail(error)
  })
  outgoing.on('socket', (socket) => {
    if (!socket.connecting) {
      phase = 'send'
      return
    }
    if (request.timeouts.connectMs > 0) {
      connectTimer = setTimeout(() => {
        outgoing.destroy(timeoutError(`no connection within ${request.timeouts.connectMs} ms`))
      }, request.timeouts.connectMs)
    }
    socket.once(parts.secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(connectTimer)
      phase = 'send'
    })
  })
  if (request.timeouts.idleMs > 0) {
    outgoing.setTimeout(request.timeouts.idleMs, () => {
      outgoing.destroy(timeoutError(`silent for ${request.timeouts.idleMs} ms`))
    })
  }
  outgoing.on('response', (incoming) => {
    answered = true
    clearTimeout(connectTimer)
    resolve(answer(request, incoming, outgoing, cleanUp))
  })
  sendBody(
    outgoing,
    request,
    () => answered,
    (error) => {
      cleanUp()
      reject(error)
      outgoing.destroy()
    },
  )
}

function sendBody(
  outgoing: http.ClientRequest,
  request: HttpRequest,
  answered: () => boolean,
  sourceFailed: (error: unknown) => void,
): void {
  const { body } = request
  if (body === undefined) {
    outgoing.end()
    return
  }
  if (body.bytes !== undefined && request.askFirst !== true) {
    outgoing.end(body.bytes)
    return
  }
  let started = false
  const start = () => {
    clearTimeout(timer)
    if (started || answered()) return
    started = true
    // The source failed, not the network: its own error is what the caller must see.
    pump(body, outgoing, answered).catch(sourceFailed)
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  if (request.askFirst !== true) {
    start()
    return
  }
  outgoing.on('continue', start)
  outgoing.on('response', () => clearTimeout(timer))
  outgoing.on('close', () => clearTimeout(timer))
  timer = setTimeout(start, continueWaitMs)
  outgoing.flushHeaders()
}

/** Writes the chunks with back-pressure; stops when the answer came early or the connection is gone. */
async function pump(
  body: RequestBody,
  outgoing: http.ClientRequest,
  answered: () => boolean,
): Promise<void> {
  for await (const chunk of body.open()) {
    if (outgoing.destroyed || answered()) return
    if (outgoing.write(chunk)) continue
    await new Promise<void>((resolve) => {
      const done = () => {
        outgoing.off('drain', done)
        outgoing.off('close', done)
        outgoing.off('response', done)
        resolve()
      }
      outgoing.on('drain', done)
      outgoing.on('close', done)
      outgoing.on('response', done)
    })
  }
  outgoing.end()
}

function answer(
  request: HttpRequest,
  incoming: http.IncomingMessage,
  outgoing: http.ClientRequest,
  cleanUp: () => void,
): HttpResponse {
  const lines: [string, string][] = []
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    lines.push([incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? ''])
  }
  // A body that was refused unsent leaves the connection in no state to be used again.
  const unsent = !outgoing.writableEnded
  incoming.on('close', () => {
    cleanUp()
    if (unsent) outgoing.destroy()
  })
  return {
    status: incoming.statusCode ?? 0,
    headers: new ResponseHeaders(lines),
    url: request.url,
    async *chunks() {
      try {
        for await (const chunk of incoming) {
          if (chunk instanceof Uint8Array) yield chunk
        }
      } catch (error) {
        request.signal?.throwIfAborted()
        const text = error instanceof Error ? error.message : String(error)
        throw new NetworkError('receive', request.url, text, systemCode(error), error)
      }
    },
    discard() {
      // `complete` only tells that all has arrived: unread, it still holds the connection.
      if (incoming.readableEnded || incoming.destroyed) return Promise.resolve()
      const length = Number(incoming.headers['content-length'] ?? 0)
      if (length > discardBytesMax) {
        incoming.destroy()
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        incoming.on('close', resolve)
        incoming.on('error', () => resolve())
        incoming.resume()
      })
    },
  }
}

/** A longer unread body costs more than a new connection, bytes. */
const discardBytesMax = 256 * 1024

function headerRecord(request: HttpRequest): http.OutgoingHttpHeaders {
  const record: Record<string, string | string[]> = {}
  for (const [name, value] of request.headers) {
    const before = record[name]
    const text = toLatin1(value)
    record[name] =
      before === undefined ? text : Array.isArray(before) ? [...before, text] : [before, text]
  }
  const { body } = request
  if (body?.lengthBytes !== undefined) record['Content-Length'] = String(body.lengthBytes)
  else if (body !== undefined) record['Transfer-Encoding'] = 'chunked'
  else if (request.method !== 'GET' && request.method !== 'HEAD') record['Content-Length'] = '0'
  if (body !== undefined && request.askFirst === true) record.Expect = '100-continue'
  return record
}

function timeoutError(text: string): Error {
  return Object.assign(new Error(text), { code: 'ETIMEDOUT' })
}

/** Splits without `new URL`, which rewrites dot segments. */
function splitUrl(url: string) {
  const match = /^(https?):\/\/(\[[^\]]+\]|[^/:?]+)(?::(\d+))?([^#]*)/i.exec(url)
  if (match === null) throw new NetworkError('connect', url, `invalid URL "${url}"`, 'EINVAL')
  const secure = match[1]?.toLowerCase() === 'https'
  const rest = match[4] ?? ''
  return {
    secure,
    host: (match[2] ?? '').replace(/^\[|\]$/g, ''),
    port: Number(match[3] ?? (secure ? 443 : 80)),
    target: rest.startsWith('/') ? rest : `/${rest}`,
  }
}
