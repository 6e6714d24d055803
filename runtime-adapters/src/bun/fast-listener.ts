import type { Handler, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Listener, ServeOptions } from '@aistore-ts/core/ports/platform.ts'
import { listenError } from '../node/listener.ts'
import { lengthOf, releaseBody } from '../node/send-reply.ts'
import { FastCall, type FastServer } from './fast-call.ts'
import { toResponse } from './fast-reply.ts'
import { shrinkSendBuffer } from './send-buffer.ts'
import { createStallTimers } from './stall-timers.ts'

/** Longest idle limit of `Bun.serve`, seconds: it also runs while a handler works. */
const idleSecondsMax = 255

/** Replies up to this length leave at once; after them the connection is idle. */
const shortReplyBytesMax = 65_536

/** What a `Host` may look like; anything else could pass for a part of the URL. */
const plainHost = /^[\w.:[\]-]+$/

/**
 * Serves over `Bun.serve`, the quickest on Bun, for URLs made by our own gateways. What it loses is listed at
 * `FastCall`; what cannot be set is in `runtime-adapters/README.md`.
 * @throws AisError `ErrPortInUse` when the address is taken
 */
export async function serveFast(handler: Handler, options: ServeOptions): Promise<Listener> {
  const stalls = createStallTimers(options.minRateBytes, options.stallMs)
  const keepAliveSeconds = Math.min(Math.ceil(options.keepAliveMs / 1_000), idleSecondsMax)

  function answer(request: Request, server: FastServer): Response | Promise<Response> {
    const host = request.headers.get('host')
    if (host === null || !plainHost.test(host)) return refusal(400)
    const call = new FastCall(request, server, options.network, stalls)
    const gone = (): boolean => request.signal.aborted
    const fail = (error: unknown): Response => {
      if (!request.signal.aborted) options.onError(error, call)
      return refusal(500)
    }
    const send = (reply: Reply): Response => {
      const long = (lengthOf(reply.body) ?? Number.POSITIVE_INFINITY) > shortReplyBytesMax
      server.timeout(request, long ? idleSecondsMax : keepAliveSeconds)
      try {
        return toResponse(call.method, reply, gone, (error) => options.onError(error, call))
      } catch (error) {
        releaseBody(reply.body)
        reply.onEnd?.(false)
        return fail(error)
      }
    }
    try {
      const reply = handler(call)
      if (!(reply instanceof Promise)) return send(reply)
      server.timeout(request, idleSecondsMax)
      return reply.then(send).catch(fail)
    } catch (error) {
      return fail(error)
    }
  }

  const server = listen(options, keepAliveSeconds, answer)
  const port = server.port ?? options.port
  if (options.sendBufferBytes > 0) await shrinkSendBuffer(port, options.sendBufferBytes)
  return {
    port,
    host: options.host,
    async close(graceMs) {
      const timer = setTimeout(() => void server.stop(true), graceMs)
      await server.stop(false)
      clearTimeout(timer)
    },
  }
}

function listen(
  options: ServeOptions,
  idleTimeout: number,
  fetch: (request: Request, server: FastServer) => Response | Promise<Response>,
): { readonly port: number | undefined; stop(cut: boolean): Promise<void> } {
  try {
    return Bun.serve({
      hostname: options.host,
      port: options.port,
      idleTimeout,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      development: false,
      fetch,
      error(error) {
        options.onError(error, undefined)
        return refusal(500)
      },
    })
  } catch (cause) {
    throw listenError(cause, options)
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: { Connection: 'close' } })
}
