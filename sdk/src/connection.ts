import { stringifyJson } from '@aistore-ts/core/wire/json.ts'
import { createDefaultTransport } from '#default-transport'
import { AisClientError } from './errors/ais-client-error.ts'
import { parseError } from './errors/parse-error.ts'
import {
  type ClientOptions,
  type ClientSeams,
  defaultConnectionsMax,
  defaultRetry,
  defaultTimeouts,
  defaultUserAgent,
  type RetryOptions,
  systemSeams,
  type TimeoutOptions,
} from './options.ts'
import { isNetworkRetryable, networkPauseMs } from './retry/network-retry.ts'
import { isStatusRetryable, statusPauseMs } from './retry/status-retry.ts'
import { createFetchTransport } from './transport/fetch-transport.ts'
import { sendFollowing } from './transport/follow-redirects.ts'
import {
  type HttpRequest,
  type HttpResponse,
  type HttpTransport,
  readText,
} from './transport/http-transport.ts'
import { bytesBody, type RequestBody } from './transport/request-body.ts'
import type { HeaderLine } from './transport/response-headers.ts'

/** One call of the API. */
export interface ApiCall {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** Path below `/v1/`, encoded, without a leading slash. */
  readonly path: string
  readonly query?: Iterable<readonly [name: string, value: string]> | undefined
  readonly headers?: readonly HeaderLine[] | undefined
  readonly body?: RequestBody | undefined
  /** A control body: sent as JSON, also on GET. */
  readonly json?: unknown
  /** Does repeating the call change nothing more? By default: every method but POST and PATCH. */
  readonly repeatable?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly idleMs?: number | undefined
  /** Another node than the endpoint, e.g. the primary. */
  readonly origin?: string | undefined
}

/**
 * The way to one cluster: address, token, transport and both layers of retrying. Every other part of the SDK is
 * a description of calls.
 */
export class Connection {
  readonly endpoint: string
  readonly retry: RetryOptions
  readonly timeouts: TimeoutOptions
  readonly #transport: HttpTransport
  readonly #token: string | undefined
  readonly #userAgent: string
  readonly #seams: ClientSeams

  /** @throws AisClientError when `endpoint` is no http(s) URL */
  constructor(endpoint: string, options: ClientOptions = {}) {
    this.endpoint = parseEndpoint(endpoint)
    this.retry = { ...defaultRetry, ...options.retry }
    this.timeouts = { ...defaultTimeouts, ...options.timeouts }
    this.#token = options.token
    this.#userAgent = options.userAgent ?? defaultUserAgent
    this.#seams = options.seams ?? systemSeams
    this.#transport =
      options.transport ??
      (options.fetch === undefined
        ? createDefaultTransport({
            connectionsMax: options.connectionsMax ?? defaultConnectionsMax,
            tls: options.tls,
          })
        : createFetchTransport(options.fetch))
  }

  /**
   * Makes the call and returns its answer, whose body the caller reads or discards.
   * @throws AisClientError for a status of 400 or above, NetworkError when no answer came after all tries
   */
  async call(call: ApiCall): Promise<HttpResponse> {
    const repeatable = call.repeatable ?? (call.method !== 'POST' && call.method !== 'PATCH')
    const request = this.#request(call)
    const replayable = request.body?.replayable ?? true
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#callWithStatusRetry(request, repeatable && replayable)
      } catch (error) {
        const unsent = replayable || isConnectFailure(error)
        if (attempt >= this.retry.networkAttemptsMax || !unsent) throw error
        if (!isNetworkRetryable(error, repeatable)) throw error
        const pauseMs = networkPauseMs(attempt + 1, error, this.#seams.random(), this.retry)
        await this.#seams.sleep(pauseMs, call.signal)
      }
    }
  }

  /** Makes the call and reads its answer as text. */
  async text(call: ApiCall): Promise<string> {
    return readText(await this.call(call))
  }

  /** Makes the call and drops the body of its answer; the headers stay. */
  async headers(call: ApiCall): Promise<HttpResponse> {
    const response = await this.call(call)
    await response.discard()
    return response
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.#seams.sleep(delayMs, signal)
  }

  close(): void {
    this.#transport.close()
  }

  async #callWithStatusRetry(request: HttpRequest, repeatable: boolean): Promise<HttpResponse> {
    for (let retry = 1; ; retry++) {
      const response = await sendFollowing(this.#transport, request)
      if (response.status < 400) return response
      const error = parseError(
        response.status,
        response.headers,
        await readText(response),
        request.method,
        request.url,
      )
      const { status, tcode } = error
      const again = repeatable && isStatusRetryable(request.method, status, tcode)
      if (!again || retry > this.retry.statusRetriesMax) throw error
      const pauseMs = statusPauseMs(retry, response.headers.get('retry-after'), this.retry)
      await this.#seams.sleep(pauseMs, request.signal)
    }
  }

  #request(call: ApiCall): HttpRequest {
    const query = [...(call.query ?? [])]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&')
    const url = `${call.origin ?? this.endpoint}/v1/${call.path}${query === '' ? '' : `?${query}`}`
    const headers: HeaderLine[] = [
      ['User-Agent', this.#userAgent],
      ...(this.#token === undefined ? [] : [['Authorization', `Bearer ${this.#token}`] as const]),
      ...(call.headers ?? []),
    ]
    let { body } = call
    let method: string = call.method
    if (call.json !== undefined) {
      body = bytesBody(new TextEncoder().encode(stringifyJson(call.json)))
      headers.push(['Content-Type', 'application/json'])
      if (method === 'GET' && !this.#transport.getWithBody) {
        method = 'POST'
        headers.push(['X-HTTP-Method-Override', 'GET'])
      }
    }
    const timeouts = { ...this.timeouts, idleMs: call.idleMs ?? this.timeouts.idleMs }
    return { method, url, headers, body, timeouts, signal: call.signal }
  }
}

function isConnectFailure(error: unknown): boolean {
  return isNetworkRetryable(error, false)
}

function parseEndpoint(endpoint: string): string {
  const text = endpoint.replace(/\/+$/, '')
  if (/^https?:\/\/[^/?#\s]+$/i.test(text)) return text
  throw new AisClientError({
    status: 0,
    tcode: '',
    message: `invalid endpoint "${endpoint}": expecting http://HOST:PORT or https://HOST:PORT`,
  })
}
