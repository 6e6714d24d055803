import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Answer, NodeCall } from '@aistore-ts/core/ports/call.ts'
import { isStream } from '../http1/outbound/call-head.ts'
import { StaleConnection, unreachable } from '../http1/outbound/unreachable.ts'
import { createAnswer } from './answer.ts'

/** Sends the call by an open request of `node:http` or `node:https`. @throws AisError `ErrUnreachable`, or `StaleConnection` */
export function messageExchange(
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

function isReset(cause: Error): boolean {
  return 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE')
}
