import { toBase36 } from '../algorithms/short-id.ts'
import type { Call } from '../ports/call.ts'
import { Query } from '../wire/query.ts'
import { queryParam } from '../wire/query-params.ts'
import { redirectMarker } from '../wire/redirect.ts'
import { encodePath, encodeQueryValue, type ParsedTarget } from '../wire/target.ts'
import { coveredText, tagText } from './redirect-tag.ts'

/** A call about an object, native or of S3, as every node on its way reads it. */
export interface RedirectedCall {
  readonly call: Pick<Call, 'headers' | 'body'>
  readonly method: string
  readonly target: Pick<ParsedTarget, 'path' | 'query' | 'rawQuery'>
}

/** What a redirect says beside the call itself. */
export interface RedirectFacts {
  readonly signerId: string
  readonly targetId: string
  readonly targetUrl: string
  readonly nowNs: bigint
  /** Of the bucket as the signer knows it. */
  readonly bid: bigint
  readonly smapVersion: bigint
  /** Never the same twice of one signer for one target. */
  readonly nonce: string
}

/** A redirect whose tag is to be made: of `text`. */
export interface PreparedRedirect {
  readonly text: string
  /** The URL, without the tag. */
  readonly url: string
}

/** What a redirect adds; a client's own parameters of these names would stand before them. */
const added = new Set<string>([
  queryParam.redirectedBy,
  queryParam.redirectTime,
  queryParam.bucketId,
  queryParam.smapVersion,
  queryParam.nonce,
  queryParam.signature,
])

/** The query as the client sent it, without what a redirect added. */
export function withoutTag({
  query,
  rawQuery,
}: Pick<ParsedTarget, 'query' | 'rawQuery'>): Pick<ParsedTarget, 'query' | 'rawQuery'> {
  if (!query.all().some(([name]) => added.has(name))) return { query, rawQuery }
  const params = query.all().filter(([name]) => !added.has(name))
  const pairs = params.map(
    ([name, value]) => `${encodeQueryValue(name)}=${encodeQueryValue(value)}`,
  )
  return { query: new Query(params), rawQuery: pairs.join('&') }
}

/** URL of the same call at a target, with `sent` behind the client's own query. */
export function redirectedUrl(
  targetUrl: string,
  path: string,
  rawQuery: string,
  sent: string,
): string {
  return `${targetUrl}${encodePath(path)}?${rawQuery === '' ? sent : `${rawQuery}&${sent}`}`
}

/** The URL of a redirect and the text that its tag vouches for. */
export function prepareRedirect(
  { call, method, target }: RedirectedCall,
  { signerId, targetId, targetUrl, nowNs, bid, smapVersion, nonce }: RedirectFacts,
): PreparedRedirect {
  const { query, rawQuery } = withoutTag(target)
  const version = toBase36(smapVersion)
  const text = coveredText({
    signerId,
    targetId,
    method,
    path: target.path,
    query: new Query([
      ...query.all(),
      [queryParam.redirectedBy, signerId],
      [queryParam.redirectTime, toBase36(nowNs)],
      [queryParam.bucketId, toBase36(bid)],
      [queryParam.smapVersion, version],
      [queryParam.nonce, nonce],
    ]),
    headers: call.headers,
    lengthBytes: call.body.lengthBytes,
  })
  const marker = redirectMarker(signerId, nowNs, bid)
  const sent = `${marker}&${queryParam.smapVersion}=${version}&${queryParam.nonce}=${nonce}`
  return { text, url: redirectedUrl(targetUrl, target.path, rawQuery, sent) }
}

/** The whole URL, once `digest`, the HMAC-SHA-256 of the text, is known. */
export function taggedLocation({ url }: PreparedRedirect, digest: Uint8Array): string {
  return `${url}&${queryParam.signature}=${tagText(digest)}`
}
