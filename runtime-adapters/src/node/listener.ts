import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Handler, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Listener, ServeOptions } from '@aistore-ts/core/ports/platform.ts'
import { createBufferPool } from './buffer-pool.ts'
import { IncomingCall } from './incoming-call.ts'
import { createRateGuard } from './rate-guard.ts'
import { hasForeignCoding, isAmbiguous, refuse } from './refusals.ts'
import { type Outgoing, releaseBody, sendReply } from './send-reply.ts'

/** A header block must be complete within this time, ms. @see AIStore ReadHeaderTimeout */
const headersMsMax = 16_000

/** How often the runtime looks for header blocks that are late, ms. */
const headersCheckMs = 2_000

/** Connections the kernel may hold before we accept them. */
const backlogMax = 1_024

/**
 * Serves over `node:http`, losing nothing of what arrived: raw target, every header line, bodies on any
 * method, `Expect`. Shared by Node, Bun and Deno; `runtime-adapters/README.md` lists what differs.
 * @throws AisError `ErrPortInUse` when the address is taken
 */
export async function serveNodeHttp(handler: Handler, options: ServeOptions): Promise<Listener> {
  const guard = createRateGuard(options.minRateBytes, options.stallMs)
  const pool = createBufferPool()
  let closing = false
  const isClosing = (): boolean => closing

  function dispatch(
    request: IncomingMessage,
    response: ServerResponse,
    continueOwed: boolean,
  ): void {
    // A client that leaves is told to the body's reader and to `close`. Without a listener Bun ends the process.
    request.on('error', () => {})
    response.on('error', () => {})
    if (isAmbiguous(request)) {
      refuse(response, 400)
      return
    }
    if (hasForeignCoding(request)) {
      refuse(response, 501)
      return
    }
    const call = new IncomingCall(request, response, options.network, guard, continueOwed)
    const outgoing: Outgoing = {
      call,
      request,
      response,
      guard,
      pool,
      handedBytes: 0,
      closing: isClosing,
    }
    let onEnd: Reply['onEnd']
    let sent = false
    let closed = false

    const settle = (): void => {
      const tell = onEnd
      onEnd = undefined
      tell?.(sent && response.writableFinished)
    }
    response.once('close', () => {
      closed = true
      if (!response.writableFinished) call.markGone()
      if (sent) settle()
    })
    const fail = (error: unknown): void => {
      // A client that left is nobody's fault, and there is nobody to tell.
      if (!closed && !request.socket.destroyed) {
        options.onError(error, call)
        if (response.headersSent) request.socket.destroy()
        else {
          response.writeHead(500, ['Content-Length', '0', 'Connection', 'close'])
          response.end()
        }
      }
      sent = false
      settle()
    }
    const send = (reply: Reply): void => {
      onEnd = reply.onEnd
      if (closed) {
        releaseBody(reply.body)
        settle()
        return
      }
      try {
        const sending = sendReply(outgoing, reply)
        sent = true
        sending?.catch(fail)
      } catch (error) {
        fail(error)
      }
    }
    try {
      const reply = handler(call)
      if (reply instanceof Promise) reply.then(send).catch(fail)
      else send(reply)
    } catch (error) {
      fail(error)
    }
  }

  const server = createServer({
    maxHeaderSize: options.headerBytesMax,
    headersTimeout: headersMsMax,
    requestTimeout: 0,
    keepAliveTimeout: options.keepAliveMs,
    connectionsCheckingInterval: headersCheckMs,
    noDelay: true,
  })
  server.maxHeadersCount = 0
  server.on('request', (request, response) => dispatch(request, response, false))
  server.on('checkContinue', (request, response) => dispatch(request, response, true))
  server.on('checkExpectation', (_request, response) => refuse(response, 417))

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenError(cause, options)))
    server.listen({ host: options.host, port: options.port, backlog: backlogMax }, resolve)
  })
  server.on('error', (error) => options.onError(error, undefined))

  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : options.port
  return {
    port,
    host: options.host,
    async close(graceMs) {
      closing = true
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        server.closeIdleConnections()
      })
      guard.close()
    },
  }
}

/** The error of a socket that could not listen. */
export function listenError(cause: unknown, { host, port }: ServeOptions): AisError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  if (code === 'EADDRINUSE') {
    return new AisError('ErrPortInUse', `port ${port} of ${host} is in use`, { cause })
  }
  return new AisError('ErrInternal', `cannot listen on ${host}:${port}: ${code}`, { cause })
}
