import { AisError } from '../errors/ais-error.ts'
import type { Call, HeaderLine, Reply } from '../ports/call.ts'
import { errorEnvelope } from '../wire/error-envelope.ts'
import type { NodeContext } from './node-context.ts'
import { nodeName } from './node-name.ts'

/** What left a handler, as an error a client may see. Anything unforeseen is logged whole and told in one word. */
export function toAisError(node: NodeContext, error: unknown, call: Call): AisError {
  if (error instanceof AisError) return error
  node.log.error('unexpected error', { method: call.method, target: call.target, error })
  return new AisError('ErrInternal', 'internal error', { cause: error })
}

/**
 * The envelope of 1.7 of the wire reference: JSON in the body, for HEAD in the header `Hdr-Error`.
 * A node that is starting answers 503 with nothing.
 */
export function errorReply(node: NodeContext, error: AisError, call: Call, urlPath: string): Reply {
  if (error.code === 'ErrNotReady' && error.message === '') return { status: 503, headers: [] }
  return envelopeReply(nodeName(node.self()), error, call, urlPath)
}

/** A refusal is of this moment, and of this caller: some statuses are kept by caches unless told otherwise. */
export const noStore: HeaderLine = ['Cache-Control', 'no-store']

/** The method that is meant: a GET with a body may come as a POST that says so. */
function meantMethod({
  method,
  headers,
}: Pick<Call, 'method'> & Partial<Pick<Call, 'headers'>>): string {
  if (method !== 'POST') return method
  return headers?.get('x-http-method-override')?.toUpperCase() === 'GET' ? 'GET' : method
}

/** An error in the envelope of the native API; `name` is the node's. */
export function envelopeReply(
  name: string,
  error: AisError,
  call: Pick<Call, 'method' | 'remoteAddress' | 'remotePort'> & Partial<Pick<Call, 'headers'>>,
  urlPath: string,
): Reply {
  const text = errorEnvelope(error, {
    method: meantMethod(call),
    urlPath,
    remoteAddr: `${call.remoteAddress}:${call.remotePort}`,
    caller: '',
    node: name,
  })
  // Who sends somebody elsewhere has said so already.
  const own = error.headers.filter(([name]) => name !== noStore[0])
  const headers: HeaderLine[] = [...own, ['Content-Type', 'application/json']]
  if (call.method === 'HEAD') headers.push(['Hdr-Error', text])
  headers.push(['X-Content-Type-Options', 'nosniff'], noStore)
  if (error.code === 'ErrNoNodes' || error.code === 'ErrTooManyRequests') {
    headers.push(['Retry-After', '1'])
  }
  if (call.method === 'HEAD') return { status: error.status, headers }
  return { status: error.status, headers, body: { kind: 'bytes', bytes: `${text}\n` } }
}
