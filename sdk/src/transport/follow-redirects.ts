import { AisClientError } from '../errors/ais-client-error.ts'
import type { HttpRequest, HttpResponse, HttpTransport } from './http-transport.ts'

/** Redirects of one call that are followed; AIStore needs two (gateway to IC member or target). */
const redirectsMax = 10

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 307, 308])

/** Bodies up to this size are sent along at once: asking first would cost a connection, bytes. */
const sendAtOnceBytesMax = 64 * 1024

/**
 * Sends a call and follows redirects, the body again at each station. The token stays with the first origin, as
 * targets never ask for one. A body that is long, or that cannot be read twice, is first offered by its headers.
 * @see AIStore redirect protocol, docs/http_api.md
 */
export async function sendFollowing(
  transport: HttpTransport,
  request: HttpRequest,
): Promise<HttpResponse> {
  let current = { ...request, askFirst: mustAsk(request) }
  for (let hop = 0; hop <= redirectsMax; hop++) {
    const response = await transport.send(current)
    const location = response.headers.get('location')
    if (!redirectStatuses.has(response.status) || location === undefined) {
      const again = current.askFirst && !transport.getWithBody && response.status < 300
      if (!again) return response
      // The server took the empty offer for the body itself: it does not redirect, so it gets the real one.
      await response.discard()
      return transport.send({ ...current, askFirst: false })
    }
    await response.discard()
    current = { ...redirected(current, location), askFirst: false }
  }
  throw new AisClientError({
    status: 310,
    tcode: '',
    message: `more than ${redirectsMax} redirects`,
    method: request.method,
    url: request.url,
  })
}

function mustAsk(request: HttpRequest): boolean {
  const { body } = request
  if (body === undefined || request.method === 'GET') return false
  return !body.replayable || (body.lengthBytes ?? Number.POSITIVE_INFINITY) > sendAtOnceBytesMax
}

function redirected(request: HttpRequest, location: string): HttpRequest {
  const absolute = /^https?:\/\//i.test(location)
  const url = absolute ? location : originOf(request.url) + location
  const headers =
    originOf(url) === originOf(request.url)
      ? request.headers
      : request.headers.filter(([name]) => name.toLowerCase() !== 'authorization')
  return { ...request, url, headers }
}

function originOf(url: string): string {
  return /^https?:\/\/[^/?#]+/i.exec(url)?.[0] ?? ''
}
