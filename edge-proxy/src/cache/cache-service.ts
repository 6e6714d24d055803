/**
 * The cache of an edge gateway on bare workerd, which has none of its own: a service that its config names. workerd asks it
 * with GET, gives it whole answers with PUT, and takes what it did from `CF-Cache-Status` and the status.
 */

/** What workerd hands to a service. */
export interface CacheService {
  fetch(request: Request, variables: Readonly<Record<string, unknown>>): Promise<Response>
}

/** An answer as workerd gave it: its head in text, a blank line, its body. */
interface Kept {
  readonly head: string
  readonly body: Uint8Array<ArrayBuffer>
}

const bytesMaxDefault = 33_554_432
const headBytesMax = 16_384
const statuses = { hit: 200, miss: 504, kept: 204, gone: 404, tooLarge: 413, unknown: 405 } as const

/** Where the body begins; `undefined`: that is no answer. */
function bodyStart(bytes: Uint8Array): number | undefined {
  const end = Math.min(bytes.byteLength, headBytesMax) - 3
  for (let at = 0; at < end; at++) {
    const isBlank = bytes[at] === 13 && bytes[at + 1] === 10 && bytes[at + 2] === 13
    if (isBlank && bytes[at + 3] === 10) return at + 4
  }
  return undefined
}

function keptOf(bytes: Uint8Array<ArrayBuffer>): Kept | undefined {
  const start = bodyStart(bytes)
  if (start === undefined) return undefined
  return {
    head: new TextDecoder().decode(bytes.subarray(0, start)),
    body: bytes.slice(start),
  }
}

/** The header lines of a head, without what says how it was sent. */
function linesOf(head: string): [string, string][] {
  const lines = head.split('\r\n').slice(1)
  return lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const isKept = colon > 0 && name !== 'content-length' && name !== 'transfer-encoding'
    return isKept ? [[name, line.slice(colon + 1).trim()]] : []
  })
}

/** Keeps answers in memory, `AIS_CACHE_BYTES` of them together: those that were not asked for the longest go first. */
export function createCacheService(): CacheService {
  const all = new Map<string, Kept>()
  let sizeBytes = 0

  function drop(url: string): boolean {
    sizeBytes -= all.get(url)?.body.byteLength ?? 0
    return all.delete(url)
  }

  function found(url: string): Response {
    const kept = all.get(url)
    if (kept === undefined) {
      return new Response(null, { status: statuses.miss, headers: { 'CF-Cache-Status': 'MISS' } })
    }
    all.delete(url)
    all.set(url, kept)
    const headers = [...linesOf(kept.head), ['CF-Cache-Status', 'HIT'] as [string, string]]
    return new Response(kept.body, { status: statuses.hit, headers })
  }

  function keep(url: string, bytes: Uint8Array<ArrayBuffer>, bytesMax: number): number {
    const kept = keptOf(bytes)
    if (kept === undefined || kept.body.byteLength > bytesMax) return statuses.tooLarge
    drop(url)
    all.set(url, kept)
    sizeBytes += kept.body.byteLength
    for (const oldest of all.keys()) {
      if (sizeBytes <= bytesMax) break
      drop(oldest)
    }
    return statuses.kept
  }

  return {
    async fetch(request, { AIS_CACHE_BYTES: told }) {
      const { method, url } = request
      if (method === 'GET') return found(url)
      if (method === 'PUT') {
        const bytesMax = Number(told) > 0 ? Number(told) : bytesMaxDefault
        const bytes = new Uint8Array(await request.arrayBuffer())
        return new Response(null, { status: keep(url, bytes, bytesMax) })
      }
      if (method !== 'PURGE') return new Response(null, { status: statuses.unknown })
      return new Response(null, { status: drop(url) ? statuses.hit : statuses.gone })
    },
  }
}

export default createCacheService()
