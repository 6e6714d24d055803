import type { Fetch } from './transport/fetch-transport.ts'
import type { HttpTransport } from './transport/http-transport.ts'

/** TLS of a client; PEM texts. Used by the Node transport only. */
export interface TlsOptions {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** `false` accepts any certificate. */
  readonly rejectUnauthorized?: boolean | undefined
}

/** The two layers of retrying. @see AIStore python/aistore/sdk/retry_config.py */
export interface RetryOptions {
  /** Layer 1: how often a retryable status (429, 500, 502, 503, 504) of an idempotent call is asked again. */
  readonly statusRetriesMax: number
  /** Layer 1: pause before retry n is `statusBackoffMs * 2^(n-1)`, none before the first. */
  readonly statusBackoffMs: number
  /** Layer 2: how often a call is made altogether when the network fails it, each time from the gateway. */
  readonly networkAttemptsMax: number
  /** Layer 2: the pause is random, between this... */
  readonly networkPauseMinMs: number
  /** ...and twice as much each time, at most this. */
  readonly networkPauseMaxMs: number
}

export interface TimeoutOptions {
  readonly connectMs: number
  /** Longest silence of a server. */
  readonly idleMs: number
}

/** Time and chance, for tests that must not wait. */
export interface ClientSeams {
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
  /** 0 to 1. */
  random(): number
}

export interface ClientOptions {
  /** JSON web token of AuthN, sent as `Authorization: Bearer`. */
  readonly token?: string | undefined
  /** Calls go through this `fetch`; by default `node:http` where there is one, else the global `fetch`. */
  readonly fetch?: Fetch | undefined
  readonly transport?: HttpTransport | undefined
  readonly retry?: Partial<RetryOptions> | undefined
  readonly timeouts?: Partial<TimeoutOptions> | undefined
  /** Connections kept per host, Node transport only. */
  readonly connectionsMax?: number | undefined
  readonly tls?: TlsOptions | undefined
  readonly userAgent?: string | undefined
  readonly seams?: ClientSeams | undefined
}

/** Upstream's numbers: urllib3 total 5, backoff factor 3; tenacity 7 attempts, 1 to 30 s. */
export const defaultRetry: RetryOptions = {
  statusRetriesMax: 5,
  statusBackoffMs: 3000,
  networkAttemptsMax: 7,
  networkPauseMinMs: 1000,
  networkPauseMaxMs: 30_000,
}

/** No second try at all: for tools that show the first error. */
export const noRetry: Partial<RetryOptions> = { statusRetriesMax: 0, networkAttemptsMax: 1 }

/** Upstream's (connect, read) timeouts of its Python SDK. */
export const defaultTimeouts: TimeoutOptions = { connectMs: 3000, idleMs: 20_000 }

export const defaultConnectionsMax = 64

export const defaultUserAgent = 'ais/typescript'

export const systemSeams: ClientSeams = {
  sleep(delayMs, signal) {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    if (delayMs <= 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, delayMs)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  },
  random: () => Math.random(),
}
