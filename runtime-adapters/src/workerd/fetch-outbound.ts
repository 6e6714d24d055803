import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, NodeCall } from '@aistore-ts/core/ports/call.ts'
import { parsePlainTarget } from '@aistore-ts/core/wire/target.ts'
import { headerBlock, rawTarget } from './fetch-call.ts'
import { StreamBody } from './stream-body.ts'

/** Most of a body that `bytes()` takes in unless told otherwise. */
const bytesMaxDefault = 67_108_864

/**
 * The URL of a call. `fetch` writes paths its own way, and collapses dot segments: a target that would come to mean
 * another thing is refused.
 */
function urlOf(origin: string, target: string): string {
  const url = `${origin.replace(/\/+$/, '')}${target}`
  const meant = parsePlainTarget(target)
  const sent = parsePlainTarget(rawTarget(new URL(url).href))
  const isSame =
    meant.path === sent.path &&
    JSON.stringify(meant.query.all()) === JSON.stringify(sent.query.all())
  if (isSame) return url
  throw new AisError('ErrBadRequest', 'invalid request URI: it cannot be passed on unchanged')
}

function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  if (body instanceof StreamBody && body.untouched !== undefined) return body.untouched
  const iterator = body[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

function bodyOf({ body, lengthBytes }: NodeCall): BodyInit | undefined {
  if (body === undefined || lengthBytes === 0) return undefined
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? body.slice() : streamOf(body)
}

function requestOf(call: NodeCall, body: BodyInit | undefined, signal: AbortSignal): RequestInit {
  const headers = new Headers()
  for (const [name, value] of call.headers ?? []) headers.append(name, value)
  let { method } = call
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    // `fetch` sends no GET with a body: its POST form means the same to a gateway.
    headers.set('x-http-method-override', method)
    method = 'POST'
  }
  if (call.lengthBytes !== undefined && body !== undefined) {
    headers.set('content-length', String(call.lengthBytes))
  }
  const init: RequestInit & { duplex?: 'half' } = { method, headers, redirect: 'manual', signal }
  if (body === undefined) return init
  return { ...init, body, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) }
}

function lengthOf(response: Response, method: string): number | undefined {
  if (method === 'HEAD' || response.body === null) return 0
  const text = response.headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

async function wholeOf(body: StreamBody, origin: string, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > limitBytes) {
      throw new AisError('ErrTooLarge', `the answer of ${origin} exceeds ${limitBytes} bytes`)
    }
    chunks.push(chunk)
  }
  const whole = new Uint8Array(sizeBytes)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

/**
 * `Platform.call` by the platform's own `fetch`, which pools connections itself. `timeoutMs` bounds the wait for the
 * header block of the answer.
 * @throws AisError `ErrUnreachable`; `ErrBadRequest` a target that `fetch` would change
 */
export async function callByFetch(
  origin: string,
  call: NodeCall,
  timeoutMs: number,
): Promise<Answer> {
  const url = urlOf(origin, call.target)
  const late = new AbortController()
  const timer = setTimeout(
    () => late.abort(new Error(`no answer within ${timeoutMs} ms`)),
    timeoutMs,
  )
  const signal = call.signal ? AbortSignal.any([call.signal, late.signal]) : late.signal
  let response: Response
  try {
    response = await fetch(url, requestOf(call, bodyOf(call), signal))
  } catch (cause) {
    throw new AisError('ErrUnreachable', `${origin} cannot be reached`, { cause })
  } finally {
    clearTimeout(timer)
  }
  const body = new StreamBody(response.body, lengthOf(response, call.method), 'ErrUnreachable')
  return {
    status: response.status,
    headers: headerBlock(response.headers),
    body,
    bytes: (limitBytes = bytesMaxDefault) => wholeOf(body, origin, limitBytes),
    discard: () => void body.cancel(),
  }
}
