import type { ResponseHeaders } from '../transport/response-headers.ts'
import { AisClientError } from './ais-client-error.ts'

/** Longest piece of a non-JSON error body that is kept as the message, characters. */
const plainMessageCharsMax = 1000

interface Envelope {
  readonly tcode?: unknown
  readonly message?: unknown
  readonly node?: unknown
}

/**
 * Makes the error of an answer with status 400 or above. The facts are in the JSON envelope of the body or,
 * on HEAD, in the header `Hdr-Error`; a body of another kind becomes the message as it is.
 * @see AIStore cmn/err.go (ErrHTTP)
 */
export function parseError(
  status: number,
  headers: ResponseHeaders,
  body: string,
  method: string,
  url: string,
): AisClientError {
  const text = body.trim() === '' ? (headers.get('hdr-error') ?? '') : body
  const envelope = parseEnvelope(text)
  const plain = text.trim().slice(0, plainMessageCharsMax)
  const message =
    typeof envelope?.message === 'string' && envelope.message !== ''
      ? envelope.message
      : plain !== ''
        ? plain
        : `${method} ${url.replace(/\?.*$/, '')}: HTTP status ${status}`
  return new AisClientError({
    status,
    tcode: typeof envelope?.tcode === 'string' ? envelope.tcode : '',
    message,
    method,
    url,
    node: typeof envelope?.node === 'string' ? envelope.node : '',
  })
}

function parseEnvelope(text: string): Envelope | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
