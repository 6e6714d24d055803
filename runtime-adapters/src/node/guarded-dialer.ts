import { type ClientRequest, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { refusedRange } from '@aistore-ts/core/egress/address-guard.ts'
import { AisError, isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, HeaderLine } from '@aistore-ts/core/ports/call.ts'
import { type OutsideCall, redirectsMax } from '@aistore-ts/core/ports/outside-call.ts'
import { boundedAnswer } from './bounded-answer.ts'
import { guardedLookup, type Resolve, refusedEgress, resolveBySystem } from './guarded-lookup.ts'
import { messageExchange } from './message-exchange.ts'
import { toWireText } from './wire-text.ts'

/** What tests put in place of the world. */
export interface DialerParts {
  readonly resolve?: Resolve | undefined
  /** Certificate authorities in PEM, instead of the system's. */
  readonly ca?: string | undefined
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Calls of URLs that somebody gave us. Each address is judged where it is used: a literal before the call, the answers to a
 * name when they are connected to, and both again for every redirect. No connection is kept: the next call is judged anew.
 */
export function createGuardedDialer(
  parts: DialerParts = {},
): (call: OutsideCall) => Promise<Answer> {
  const resolve = parts.resolve ?? resolveBySystem

  function open(url: URL, headers: readonly HeaderLine[], call: OutsideCall): ClientRequest {
    const isSecure = url.protocol === 'https:'
    // URL has brought `0x7f.1` and its like to plain form; the lookup is never asked for such literals.
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) !== 0) {
      const range = refusedRange(host, call.rules)
      if (range !== undefined) throw refusedEgress(host, host, range)
    }
    return (isSecure ? requestHttps : requestHttp)({
      agent: false,
      host,
      port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
      lookup: guardedLookup(resolve, call.rules),
      method: call.method,
      path: `${url.pathname}${url.search}`,
      headers: [
        'Host',
        url.host,
        ...headers.flatMap(([name, value]) => [name, toWireText(value)]),
        'Connection',
        'close',
      ],
      ...(isSecure && isIP(host) === 0 ? { servername: host } : {}),
      ...(isSecure && parts.ca !== undefined ? { ca: parts.ca } : {}),
    })
  }

  async function hop(url: URL, headers: readonly HeaderLine[], call: OutsideCall): Promise<Answer> {
    const request = open(url, headers, call)
    const { method, signal } = call
    try {
      return await messageExchange(
        request,
        { method, target: url.pathname, signal },
        url.origin,
        call.timeoutMs,
      )
    } catch (error) {
      throw refusalIn(error) ?? error
    }
  }

  return async (call) => {
    let url = parseUrl(call.url)
    let headers = ownHeaders(url, call.headers ?? [])
    for (let hops = 0; ; hops += 1) {
      const answer = await hop(url, headers, call)
      const location = answer.headers.get('location')
      if (!redirects.has(answer.status) || location === undefined) {
        return boundedAnswer(answer, url.origin, call.bytesMax)
      }
      answer.discard()
      if (hops === redirectsMax) {
        throw new AisError(
          'ErrUnreachable',
          `${call.url} redirects more than ${redirectsMax} times`,
        )
      }
      const next = parseUrl(location, url)
      // What was meant for one host is no business of another, nor of one that comes back by a detour.
      if (next.origin !== url.origin) headers = []
      url = next
    }
  }
}

/** The refusal behind the error of a call. */
function refusalIn(error: unknown): AisError | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (isAisError(inner, 'ErrForbidden')) return inner
  }
  return undefined
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base)
  if (url === null) throw new AisError('ErrBadRequest', `"${text}" is not a URL`)
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw new AisError('ErrForbidden', `"${text}" is refused: neither http nor https`)
}

/** Lines that belong to the message itself, which no caller may set. */
const framing: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
])

function ownHeaders(url: URL, given: readonly HeaderLine[]): readonly HeaderLine[] {
  const lines = given.filter(([name]) => !framing.has(name.toLowerCase()))
  const isNamed = url.username !== '' || url.password !== ''
  if (!isNamed || lines.some(([name]) => name.toLowerCase() === 'authorization')) return lines
  const pair = `${decoded(url.username)}:${decoded(url.password)}`
  return [...lines, ['Authorization', `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`]]
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (cause) {
    throw new AisError('ErrBadRequest', 'the user or password of a URL is wrongly encoded', {
      cause,
    })
  }
}
