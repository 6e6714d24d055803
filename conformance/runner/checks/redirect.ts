import { type Answer, findHeader } from '../http/answer.ts'
import type { ExpectedRedirect } from '../model/case.ts'
import { type ClusterMap, nodeAt, ownerOf } from '../placement/cluster-map.ts'
import { findObjectPath } from '../placement/object-path.ts'

/**
 * A redirect to a target: 301 for GET and 307 for the rest, an absolute `Location` whose host is a
 * target of the map (the owner by the suite's own placement where asked), the same path, the caller's
 * query, and the marker `pid` and `utm`.
 */
export function findRedirectMismatch(
  answer: Answer,
  expected: ExpectedRedirect,
  map: ClusterMap,
): string | undefined {
  const status = answer.method === 'GET' ? 301 : 307
  if (answer.status !== status) return `status: expected ${status}, got ${answer.status}`
  const location = findHeader(answer, 'location') ?? ''
  if (!URL.canParse(location)) return `location: no absolute URL in ${JSON.stringify(location)}`
  const url = new URL(location)
  const node = nodeAt(map, url.origin)
  if (node === undefined || !map.targets.includes(node)) {
    return `location: ${url.origin} is no target of the map`
  }
  return (
    findOwnerMismatch(answer, expected, map, node.id) ?? findQueryMismatch(answer, location, map)
  )
}

function findOwnerMismatch(
  answer: Answer,
  expected: ExpectedRedirect,
  map: ClusterMap,
  id: string,
): string | undefined {
  if (expected.to !== 'owner') return undefined
  const object = findObjectPath(answer.url)
  if (object === undefined) return `${answer.url}: names no object`
  const owner = ownerOf(map, object.bucket, object.name)
  return owner?.id === id ? undefined : `location: expected the owner ${owner?.id}, got ${id}`
}

function findQueryMismatch(answer: Answer, location: string, map: ClusterMap): string | undefined {
  // Not by `new URL`, which would tidy the path up.
  const went = splitTarget(location)
  const asked = splitTarget(answer.url)
  if (went.path !== asked.path) return `location: expected the path ${asked.path}, got ${went.path}`
  for (const [name, value] of asked.query) {
    const kept = went.query.getAll(name)
    if (!kept.includes(value)) return `location: lost the query ${name}=${value}`
  }
  const pid = went.query.get('pid') ?? ''
  const isGateway = map.edges.includes(pid) || map.proxies.some((proxy) => proxy.id === pid)
  if (!isGateway) return `location: pid ${pid} is no proxy`
  const utm = went.query.get('utm') ?? ''
  return /^[0-9a-z]{8,}$/.test(utm) ? undefined : `location: utm ${JSON.stringify(utm)}`
}

function splitTarget(url: string): { path: string; query: URLSearchParams } {
  const target = url.replace(/^https?:\/\/[^/]+/, '')
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
  return { path: decodeURIComponent(path), query }
}
