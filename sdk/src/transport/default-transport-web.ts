import { createFetchTransport } from './fetch-transport.ts'
import type { HttpTransport } from './http-transport.ts'

/** The transport of browsers and edge runtimes: their own `fetch`. TLS and pooling are theirs as well. */
export function createDefaultTransport(_options: object): HttpTransport {
  return createFetchTransport((url, init) => fetch(url, init))
}
