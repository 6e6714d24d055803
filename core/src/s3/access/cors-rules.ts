import { z } from 'zod'
import { S3Error } from '../s3-error.ts'
import { childrenOf, childText, type XmlElement } from '../xml-reader.ts'
import type { XmlNode } from '../xml-writer.ts'
import { matchesWildcard } from './wildcard.ts'

const rulesMax = 100
const idLengthMax = 255
const methods: readonly string[] = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']
/** What a header's name may be: nothing that could end the line. RFC 9110 5.6.2 */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const rulesSchema = z.array(
  z.object({
    id: z.string().optional(),
    origins: z.array(z.string()),
    methods: z.array(z.string()),
    headers: z.array(z.string()),
    expose: z.array(z.string()),
    maxAgeS: z.int().optional(),
  }),
)

/** What pages of other origins may do with a bucket. */
export type CorsRule = z.output<typeof rulesSchema>[number]

/** Reads what was stored; rules that cannot be read allow nothing. */
export function corsRulesOf(text: string): readonly CorsRule[] {
  try {
    return rulesSchema.parse(JSON.parse(text))
  } catch {
    return []
  }
}

const invalid = (message: string) => new S3Error('InvalidRequest', { message })

function oneStar(text: string, name: string): void {
  if (text.split('*').length <= 2) return
  throw invalid(`${name} "${text}" can not have more than one wildcard.`)
}

function parseRule(rule: XmlElement): CorsRule {
  const texts = (name: string) => childrenOf(rule, name).map(({ text }) => text)
  const origins = texts('AllowedOrigin')
  const allowed = texts('AllowedMethod')
  const headers = texts('AllowedHeader')
  const expose = texts('ExposeHeader')
  const id = childText(rule, 'ID')
  const age = childText(rule, 'MaxAgeSeconds')
  if (origins.length === 0 || allowed.length === 0) throw new S3Error('MalformedXML')
  if (id !== undefined && id.length > idLengthMax) throw new S3Error('MalformedXML')
  for (const origin of origins) {
    oneStar(origin, 'AllowedOrigin')
    if (/[^\x21-\x7e]/.test(origin)) throw invalid(`AllowedOrigin "${origin}" is no origin.`)
  }
  for (const header of headers) {
    oneStar(header, 'AllowedHeader')
    if (!token.test(header)) throw invalid(`AllowedHeader "${header}" is no header.`)
  }
  for (const method of allowed) {
    if (!methods.includes(method)) {
      throw invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`)
    }
  }
  for (const header of expose) {
    if (header.includes('*')) {
      throw invalid(
        `ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
      )
    }
    if (!token.test(header)) throw invalid(`ExposeHeader "${header}" is no header.`)
  }
  if (age !== undefined && !/^\d{1,9}$/.test(age)) throw new S3Error('MalformedXML')
  return {
    id,
    origins,
    methods: allowed,
    headers,
    expose,
    maxAgeS: age === undefined ? undefined : Number(age),
  }
}

/** The rules of a `CORSConfiguration`. @throws S3Error `MalformedXML`, `InvalidRequest` naming the element */
export function parseCorsDocument(root: XmlElement): readonly CorsRule[] {
  const rules = childrenOf(root, 'CORSRule').map(parseRule)
  if (rules.length === 0 || rules.length > rulesMax || rules.length < root.children.length) {
    throw new S3Error('MalformedXML')
  }
  return rules
}

export function corsDocument(rules: readonly CorsRule[]): XmlNode {
  const several = (name: string, texts: readonly string[]) =>
    texts.map((text): XmlNode => [name, text])
  return [
    'CORSConfiguration',
    rules.map(
      ({ id, origins, methods: allowed, headers, expose, maxAgeS }): XmlNode => [
        'CORSRule',
        [
          ['ID', id],
          ...several('AllowedHeader', headers),
          ...several('AllowedMethod', allowed),
          ...several('AllowedOrigin', origins),
          ...several('ExposeHeader', expose),
          ['MaxAgeSeconds', maxAgeS],
        ],
      ],
    ),
  ]
}

/** What a page asks for. */
export interface CorsRequest {
  readonly origin: string
  readonly method: string
  /** Of a preflight; lower case. */
  readonly headers: readonly string[]
}

/** The first rule that lets a page do it, and the origin of the rule that it came by. */
export function findCorsRule(
  rules: readonly CorsRule[],
  { origin, method, headers }: CorsRequest,
): { readonly rule: CorsRule; readonly allowed: string } | undefined {
  for (const rule of rules) {
    if (!rule.methods.includes(method)) continue
    const isAllowed = (header: string) =>
      rule.headers.some((pattern) => matchesWildcard(pattern.toLowerCase(), header))
    if (!headers.every(isAllowed)) continue
    // A `?` is no wildcard here.
    const allowed = rule.origins.find((pattern) => matchesOrigin(pattern, origin))
    if (allowed !== undefined) return { rule, allowed }
  }
  return undefined
}

function matchesOrigin(pattern: string, origin: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === origin
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return (
    origin.length >= head.length + tail.length && origin.startsWith(head) && origin.endsWith(tail)
  )
}
