import { draw, shortId } from '../algorithms/short-id.ts'
import { type Bck, objectUname } from '../bucket/bck.ts'
import { parseBck } from '../bucket/names.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import { activeTargets } from '../cluster/smap.ts'
import type { Snode } from '../cluster/snode.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkBucketAccess } from '../node/access.ts'
import { type ApiCall, readBody } from '../node/api-call.ts'
import { redirectReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import { type ProxyNode, proxyBucket } from '../proxy/proxy.ts'
import { type BatchRequest, parseBatchRequest } from './batch-request.ts'

const idAlphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The bucket in the path of a get-batch call, for entries that name none. */
export function pathBucket(
  { target: { query } }: ApiCall,
  name: string | undefined,
): Bck | undefined {
  if (name === undefined) return undefined
  return parseBck(name, query.get('provider') ?? '', query.get('namespace') ?? '')
}

/** Whether targets are chosen by what they hold. @throws AisError `ErrBadRequest` */
function isColocated({ target: { query } }: ApiCall): boolean {
  const text = query.get('coloc') ?? ''
  if (text === '' || text === '0') return false
  if (text === '1' || text === '2') return true
  throw new AisError('ErrBadRequest', `invalid 'coloc=${text.slice(0, 32)}' (expecting 0, 1, or 2)`)
}

/** The target that holds most of the entries. @throws AisError `ErrNoNodes` */
function richest(proxy: ProxyNode, { entries }: BatchRequest): Snode {
  const smap = proxy.metadata.smap()
  const counts = new Map<Snode, number>()
  let best: Snode | undefined
  for (const { bck, name } of entries) {
    const owner = hrwTarget(smap, objectUname(bck, name))
    const count = (counts.get(owner) ?? 0) + 1
    counts.set(owner, count)
    if (best === undefined || count > (counts.get(best) ?? 0)) best = owner
  }
  return best ?? hrwTarget(smap, '')
}

/**
 * Sends a get-batch client to the designated target, once every bucket was checked. The client repeats its body there.
 * @throws AisError `ErrBadRequest`, `ErrBckNotFound`, `ErrBucketAccessDenied`, `ErrNoNodes`
 */
export async function redirectBatch(api: ApiCall, proxy: ProxyNode): Promise<Reply> {
  const [kind, name, ...more] = api.items
  if (kind !== 'moss' || more.length > 0) {
    throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
  }
  const fallback = pathBucket(api, name)
  if (fallback !== undefined) checkBucketAccess(fallback, await proxyBucket(proxy, fallback), 'GET')
  const request = parseBatchRequest(await readBody(api.call, limits.nameListBytesMax), fallback)
  for (const bck of request.buckets) checkBucketAccess(bck, await proxyBucket(proxy, bck), 'GET')
  const { random } = proxy.platform
  const smap = proxy.metadata.smap()
  const owner = isColocated(api) ? richest(proxy, request) : hrwTarget(smap, shortId(random))
  const jobId = `gbt-${shortId(random)}`
  const workId = `${proxy.self().daemonId}-${draw(random, idAlphabet, 5)}`
  const bucket = name === undefined ? '' : `/${name}`
  const path = `/v1/ml/moss${bucket}/${jobId}/${workId}/${activeTargets(smap).length}`
  const { query, rawQuery } = api.target
  const to = { call: api.call, method: api.method, target: { path, query, rawQuery } }
  return redirectReply(307, proxy.redirectSigner.location(to, owner, 0n))
}
