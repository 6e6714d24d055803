import { type ClusterMap, nodeAt } from '../placement/cluster-map.ts'
import { type Answer, findHeader } from './answer.ts'
import type { HttpClient, HttpRequest } from './client.ts'

/** Redirects a native client follows in a row at most. */
const redirectsMax = 4

/**
 * Sends a request and follows 301 and 307 as a native client does: method and headers are kept, the
 * body too, except that a GET redirected by 301 loses it.
 * @throws Error when a redirect leaves the nodes of the map, names no absolute URL, or goes on
 */
export async function sendAndFollow(
  client: HttpClient,
  map: ClusterMap,
  first: HttpRequest,
): Promise<Answer> {
  let asked = first
  for (let hop = 0; hop <= redirectsMax; hop++) {
    const answer = await client.send(asked)
    if (answer.status !== 301 && answer.status !== 307) return answer
    asked = redirect(map, asked, answer)
  }
  throw new Error(`more than ${redirectsMax} redirects`)
}

function redirect(map: ClusterMap, asked: HttpRequest, answer: Answer): HttpRequest {
  const location = findHeader(answer, 'location') ?? ''
  const match = /^(https?:\/\/[^/?#]+)(\/.*)$/.exec(location)
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(`${answer.status} with Location ${JSON.stringify(location)}: no absolute URL`)
  }
  if (nodeAt(map, new URL(match[1]).origin) === undefined) {
    throw new Error(`${answer.status} to ${match[1]}: no node of the cluster map`)
  }
  const next = { ...asked, origin: match[1], target: match[2] }
  if (answer.status !== 301 || asked.method !== 'GET') return next
  const { body: _dropped, chunked: _length, ...bodiless } = next
  return bodiless
}
