import { framings } from './framings.ts'
import { headerSets } from './header-sets.ts'
import { names, queries, requestLines } from './targets.ts'

/** One odd request, as bytes (text of Latin-1). */
export interface OddRequest {
  readonly id: string
  readonly bytes: string
}

const crlf = '\r\n'
const host = 'Host: localhost'

const request = (line: string, headers: readonly string[], body = ''): string =>
  [line, ...headers, '', body].join(crlf)

/** The requests of the corpus: every odd piece in every place where it can stand. */
export function oddRequests(): readonly OddRequest[] {
  return [...ofNames(), ...ofQueries(), ...ofLines(), ...ofFramings(), ...ofHeaders(), ...ofBytes()]
}

/** Odd pieces as a whole name, and at its beginning, middle and end; natively and through S3. */
function ofNames(): OddRequest[] {
  const places: Readonly<Record<string, (piece: string) => string>> = {
    whole: (piece) => `/v1/objects/b/${piece}`,
    middle: (piece) => `/v1/objects/b/d/${piece}/e`,
    start: (piece) => `/v1/objects/b/${piece}x`,
    end: (piece) => `/v1/objects/b/x${piece}`,
    bucket: (piece) => `/v1/objects/${piece}/x`,
    s3: (piece) => `/s3/b/${piece}`,
  }
  return names.flatMap((piece) =>
    Object.entries(places).map(([place, target]) => ({
      id: `name ${place} ${JSON.stringify(piece)}`,
      bytes: request(`GET ${target(piece)} HTTP/1.1`, [host]),
    })),
  )
}

function ofQueries(): OddRequest[] {
  return queries.flatMap((query) =>
    ['/v1/objects/b/o', '/v1/buckets/b/', '/s3/b/k'].map((path) => ({
      id: `query ${path} ${JSON.stringify(query)}`,
      bytes: request(`GET ${path}${query} HTTP/1.1`, [host]),
    })),
  )
}

function ofLines(): OddRequest[] {
  return requestLines.map((line) => ({
    id: `line ${JSON.stringify(line)}`,
    bytes: request(line, [host]),
  }))
}

/** Every framing with every method that could bear a body. */
function ofFramings(): OddRequest[] {
  const methods = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PURGE']
  return framings.flatMap(({ headers, body }) =>
    methods.map((method) => ({
      id: `framing ${method} ${JSON.stringify(headers)} ${JSON.stringify(body)}`,
      bytes: request(`${method} /v1/objects/b/o HTTP/1.1`, [host, ...headers], body),
    })),
  )
}

function ofHeaders(): OddRequest[] {
  return headerSets.flatMap((headers) =>
    ['GET', 'PUT'].map((method) => ({
      id: `headers ${method} ${JSON.stringify(headers).slice(0, 200)}`,
      bytes: request(`${method} /v1/objects/b/o HTTP/1.1`, headers),
    })),
  )
}

/** A plain request with each of its bytes in turn replaced by each of a few that matter to a parser. */
function ofBytes(): OddRequest[] {
  const plain = request(
    'PUT /v1/objects/b/d%2Fo?provider=ais HTTP/1.1',
    [host, 'Content-Length: 5'],
    'hello',
  )
  const replacements = ['\0', '\t', '\n', '\r', ' ', '%', '/', ':', '?', '0', '\x7f', '\xe9']
  return [...plain.slice(0, -5)].flatMap((_byte, at) =>
    replacements.map((by) => ({
      id: `byte ${at} ${JSON.stringify(by)}`,
      bytes: plain.slice(0, at) + by + plain.slice(at + 1),
    })),
  )
}
