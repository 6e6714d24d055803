import { findProvider } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import { Query } from '../wire/query.ts'
import type { ParsedTarget } from '../wire/target.ts'

const easyProviders = new Set(['ais', 'gs', 'az'])

/**
 * `/ais/bucket/object` and its like, as the native call they stand for; anything else unchanged.
 * Names with slashes keep them all (upstream loses the first: a listed deviation).
 * @throws AisError `ErrBadRequest` PUT without an object: an easy URL puts objects and nothing else
 * @see AIStore docs/easy_url.md
 */
export function easyUrl(method: string, target: ParsedTarget): ParsedTarget {
  const scheme = target.segments[0]
  if (scheme === undefined || !easyProviders.has(scheme)) return target
  const provider = findProvider(scheme)
  if (provider === undefined) return target
  const rest = target.path.slice(target.path.indexOf(scheme) + scheme.length)
  const bucket = target.segments[1]
  const after = bucket === undefined ? '' : rest.slice(rest.indexOf(bucket) + bucket.length)
  const resource = after.length > 1 ? 'objects' : 'buckets'
  if (method === 'PUT' && resource === 'buckets') {
    throw new AisError('ErrBadRequest', `invalid URL path "${target.path}": object name is missing`)
  }
  const path = `/v1/${resource}${bucket === undefined ? '' : `/${bucket}`}${resource === 'objects' ? after : ''}`
  const own = target.query.all().filter(([name]) => name !== 'provider')
  const query = new Query([['provider', provider], ...own])
  const rawOwn = target.rawQuery === '' ? '' : `&${target.rawQuery}`
  return {
    path,
    segments: path.split('/').filter((segment) => segment !== ''),
    query,
    rawQuery: `provider=${provider}${rawOwn}`,
  }
}
