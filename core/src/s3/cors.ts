import type { NodeContext } from '../node/node-context.ts'
import type { HeaderLine, Reply } from '../ports/call.ts'
import { type CorsRule, findCorsRule } from './access/cors-rules.ts'
import { bucketByName } from './find-bucket.ts'
import type { S3Call } from './s3-call.ts'
import { S3Error } from './s3-error.ts'

const vary: HeaderLine = [
  'Vary',
  'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
]

/** Header names of a preflight, lower case; what is no name is nothing that a rule allows. */
function requestedHeaders({ call }: S3Call): string[] {
  return call.headers
    .all('access-control-request-headers')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}

function rulesOf({ bucket }: S3Call, { metadata }: Pick<NodeContext, 'metadata'>) {
  if (bucket === '') return undefined
  try {
    return bucketByName(metadata.bmd(), bucket)?.props.s3.cors
  } catch {
    // The name is of several buckets: none of them says anything.
    return undefined
  }
}

/**
 * What a page of another origin is told. Never that it may send credentials of the browser: calls are signed, and what a
 * browser adds by itself must not count.
 */
function allowance(rule: CorsRule, origin: string, allowed: string): HeaderLine[] {
  const lines: HeaderLine[] = [
    ['Access-Control-Allow-Origin', allowed === '*' ? '*' : origin],
    ['Access-Control-Allow-Methods', rule.methods.join(', ')],
  ]
  if (rule.expose.length > 0) lines.push(['Access-Control-Expose-Headers', rule.expose.join(', ')])
  if (rule.maxAgeS !== undefined) lines.push(['Access-Control-Max-Age', String(rule.maxAgeS)])
  return [...lines, vary]
}

/** Header lines for the page that made a call; none when it is of no other origin, or no rule of the bucket lets it. */
export function corsLines(s3: S3Call, node: Pick<NodeContext, 'metadata'>): HeaderLine[] {
  const { headers } = s3.call
  const origin = headers.get('origin')
  if (origin === undefined) return []
  const rules = rulesOf(s3, node)
  if (rules === undefined) return []
  const method = headers.get('access-control-request-method') ?? s3.method
  const found = findCorsRule(rules, { origin, method, headers: [] })
  return found === undefined ? [vary] : allowance(found.rule, origin, found.allowed)
}

/**
 * OPTIONS of a page that wants to know what it may do.
 * @throws S3Error `InvalidRequest` it does not say what it wants; `AccessForbidden` no rule of the bucket allows it
 */
export function preflight(s3: S3Call, node: Pick<NodeContext, 'metadata'>): Reply {
  const { headers } = s3.call
  const origin = headers.get('origin')
  const method = headers.get('access-control-request-method')
  if (origin === undefined || method === undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Insufficient information. Origin and Access-Control-Request-Method are needed.',
    })
  }
  const wanted = requestedHeaders(s3)
  const rules = rulesOf(s3, node)
  const found = rules && findCorsRule(rules, { origin, method, headers: wanted })
  if (found === undefined) {
    const isOff = rules === undefined
    throw new S3Error('AccessForbidden', {
      message: isOff
        ? 'CORSResponse: CORS is not enabled for this bucket.'
        : "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      fields: [
        ['Method', method],
        ['ResourceType', s3.key === '' ? 'BUCKET' : 'OBJECT'],
      ],
    })
  }
  const lines = allowance(found.rule, origin, found.allowed)
  if (wanted.length > 0) lines.push(['Access-Control-Allow-Headers', wanted.join(', ')])
  return { status: 200, headers: lines }
}
