import type { RequestBody } from './request-body.ts'
import type { HeaderLine, ResponseHeaders } from './response-headers.ts'

/** Limits of one exchange, ms; 0 is none. */
export interface ExchangeTimeouts {
  readonly connectMs: number
  /** Longest silence on the connection. */
  readonly idleMs: number
}

/** One HTTP exchange, redirects not followed. */
export interface HttpRequest {
  readonly method: string
  /** Absolute; path and query already encoded. Sent as it is, never normalised where the runtime allows. */
  readonly url: string
  readonly headers: readonly HeaderLine[]
  readonly body?: RequestBody | undefined
  /** Let the server decide on the headers alone: a redirect or refusal then costs no body. */
  readonly askFirst?: boolean | undefined
  readonly timeouts: ExchangeTimeouts
  readonly signal?: AbortSignal | undefined
}

/** Any status is an answer. The body must be read or discarded, or the connection stays taken. */
export interface HttpResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  /** Where the answer came from, after redirects that the runtime itself followed. */
  readonly url: string
  /** Read once. @throws NetworkError when it is cut short */
  chunks(): AsyncIterable<Uint8Array>
  discard(): Promise<void>
}

/** The way out. `name` tells which features are native. */
export interface HttpTransport {
  /** Can a GET carry a body? `fetch` cannot; then the call travels as POST with a method override. */
  readonly getWithBody: boolean
  /** @throws NetworkError, or the signal's reason */
  send(request: HttpRequest): Promise<HttpResponse>
  /** Closes idle connections. */
  close(): void
}

/** The whole body. @throws NetworkError */
export async function readBytes(response: HttpResponse): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of response.chunks()) {
    chunks.push(chunk)
    total += chunk.byteLength
  }
  const [first] = chunks
  if (chunks.length === 1 && first !== undefined) return first
  const whole = new Uint8Array(total)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}

export async function readText(response: HttpResponse): Promise<string> {
  return new TextDecoder().decode(await readBytes(response))
}
