import { NetworkError, systemCode } from '../errors/network-error.ts'
import type { HttpRequest, HttpResponse, HttpTransport } from './http-transport.ts'
import { type RequestBody, readStream, streamOf } from './request-body.ts'
import { type HeaderLine, ResponseHeaders, toLatin1 } from './response-headers.ts'

/** The part of `fetch` that is used; injected, so that tests and edge runtimes bring their own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * Transport over `fetch`, for browsers and edge runtimes. Redirects are asked for by hand; a browser hides them
 * (opaque redirect), and then the same call is made once more and followed by the browser itself.
 */
export function createFetchTransport(fetchIt: Fetch): HttpTransport {
  let redirectsHidden = false
  return {
    getWithBody: false,
    close() {},
    async send(request) {
      if (!redirectsHidden) {
        const first = await exchange(fetchIt, request, 'manual')
        if (first.type !== 'opaqueredirect') return answer(first, request)
        redirectsHidden = true
      }
      return answer(await exchange(fetchIt, request, 'follow'), request)
    },
  }
}

async function exchange(
  fetchIt: Fetch,
  request: HttpRequest,
  redirect: 'manual' | 'follow',
): Promise<Response> {
  const deadline = silenceSignal(request)
  // With `askFirst` the headers go out with an empty body: a gateway answers 307 from them alone.
  const body = request.askFirst === true && redirect === 'manual' ? undefined : request.body
  try {
    return await fetchIt(request.url, {
      method: request.method,
      headers: request.headers.map(([name, value]): [string, string] => [name, toLatin1(value)]),
      redirect,
      signal: deadline.signal,
      ...(body === undefined ? {} : await fetchBody(body, redirect === 'follow')),
    })
  } catch (error) {
    request.signal?.throwIfAborted()
    const text = error instanceof Error ? error.message : String(error)
    const code = deadline.expired() ? 'ETIMEDOUT' : systemCode(error)
    const phase = code === 'ECONNREFUSED' ? 'connect' : 'send'
    throw new NetworkError(phase, request.url, text, code, error)
  } finally {
    deadline.done()
  }
}

/** `fetch` replays a body on a redirect only when it is in memory. */
async function fetchBody(body: RequestBody, inMemory: boolean): Promise<RequestInit> {
  if (body.blob !== undefined) return { body: body.blob }
  if (body.bytes !== undefined) return { body: new Uint8Array(body.bytes) }
  if (!inMemory) {
    const init: RequestInit & { duplex: 'half' } = { body: streamOf(body.open()), duplex: 'half' }
    return init
  }
  const parts: BlobPart[] = []
  for await (const chunk of body.open()) parts.push(new Uint8Array(chunk))
  return { body: new Blob(parts) }
}

function answer(response: Response, request: HttpRequest): HttpResponse {
  const lines: HeaderLine[] = [...response.headers.entries()]
  return {
    status: response.status,
    headers: new ResponseHeaders(lines, true),
    url: response.url === '' ? request.url : response.url,
    async *chunks() {
      if (response.body === null) return
      try {
        yield* readStream(response.body)
      } catch (error) {
        request.signal?.throwIfAborted()
        const text = error instanceof Error ? error.message : String(error)
        throw new NetworkError('receive', request.url, text, systemCode(error), error)
      }
    },
    async discard() {
      await response.body?.cancel()
    },
  }
}

/** Aborts when no answer begins in time; the caller's own signal aborts as well, also later. */
function silenceSignal(request: HttpRequest) {
  const controller = new AbortController()
  let expired = false
  const limitMs = request.timeouts.connectMs + request.timeouts.idleMs
  const timer =
    limitMs === 0 || request.timeouts.idleMs === 0
      ? undefined
      : setTimeout(() => {
          expired = true
          controller.abort(new Error(`no answer within ${limitMs} ms`))
        }, limitMs)
  const signal =
    request.signal === undefined
      ? controller.signal
      : AbortSignal.any([controller.signal, request.signal])
  return { signal, expired: () => expired, done: () => clearTimeout(timer) }
}
