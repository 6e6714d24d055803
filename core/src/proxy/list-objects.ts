import { shortId, toBase36 } from '../algorithms/short-id.ts'
import { type Bck, bckUname } from '../bucket/bck.ts'
import { isRebalancing } from '../cluster/rmd.ts'
import { activeTargets } from '../cluster/smap.ts'
import { checkBucketAccess } from '../node/access.ts'
import type { ApiCall } from '../node/api-call.ts'
import { checkStatus } from '../node/node-answer.ts'
import { jsonReply, msgpackReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import type { Transport } from '../ports/transport.ts'
import { acceptsMsgpack } from '../wire/headers.ts'
import { type JsonValue, stringifyJson } from '../wire/json.ts'
import { listPageToJson, lsoFlag, lsoProps, parseLsoMsg } from '../wire/lso.ts'
import { encodeListPage } from '../wire/msgpack.ts'
import { cutListPage, joinListPage, readRuns } from '../wire/raw-entries.ts'
import { listMoving } from './list-moving.ts'
import type { AskTarget, Listing } from './list-sessions.ts'
import { type ProxyNode, proxyBucket } from './proxy.ts'

/** Largest page; a greater wish is cut to it, as upstream does. @see AIStore api/apc/lsmsg.go */
const pageSizeMax = 10_000

const askTimeoutMs = 60_000

/** Asks a target for its part of a listing. The target's word for "nothing after this" is an empty token. */
export function createAskTarget(transport: Transport): AskTarget {
  return async (target, uuid, listing, after, limit) => {
    const body = stringifyJson({
      bucket: bckUname(listing.bck),
      bid: toBase36(listing.bid),
      prefix: listing.prefix,
      after,
      limit,
      recursive: listing.recursive,
      dirs: listing.dirs,
      ...(listing.archives ? { archives: true } : {}),
      props: listing.props,
      timeFormat: listing.timeFormat,
    })
    const answer = await transport.call(
      target,
      'data',
      { method: 'POST', target: `/v1/list?uuid=${encodeURIComponent(uuid)}`, body },
      askTimeoutMs,
    )
    const { token, entries } = cutListPage(await checkStatus(answer))
    return { entries, end: token === '' }
  }
}

/** One page of a bucket's objects, merged over all targets; msgpack when asked for, else JSON. */
export async function listObjects(
  proxy: ProxyNode,
  api: ApiCall,
  bck: Bck,
  value: JsonValue,
): Promise<Reply> {
  const msg = parseLsoMsg(value)
  const props = await proxyBucket(proxy, bck)
  checkBucketAccess(bck, props, 'LIST-OBJECTS')
  const wanted = lsoProps(msg)
  const notCached = (msg.flags & lsoFlag.notCached) !== 0n
  const listing: Listing = {
    bck,
    bid: props.bid,
    prefix: msg.prefix,
    startAfter: msg.startAfter,
    recursive: (msg.flags & lsoFlag.noRecursion) === 0n,
    // Upstream's no-dirs concerns listings of remote backends; in its own buckets the directories stay.
    dirs: bck.provider === 'ais' || (msg.flags & lsoFlag.noDirs) === 0n,
    archives: (msg.flags & lsoFlag.archiveDir) !== 0n,
    props: [...wanted],
    timeFormat: msg.timeFormat,
  }
  const uuid = msg.uuid === '' ? shortId(proxy.platform.random) : msg.uuid
  const size = msg.pageSize <= 0 ? pageSizeMax : Math.min(msg.pageSize, pageSizeMax)
  if (!notCached && isRebalancing(proxy.metadata.rmd())) {
    const page = await listMoving(proxy, uuid, listing, msg.continuationToken, size)
    proxy.stats.add('lst.n')
    if (acceptsMsgpack(api.call.headers.get('accept'))) return msgpackReply(encodeListPage(page))
    return jsonReply(listPageToJson(page))
  }
  const targets = activeTargets(proxy.metadata.smap())
  // Everything in an ais:// bucket is in the cluster: nothing can be listed that is not.
  const page = notCached
    ? { uuid, token: '', runs: [], flags: 0 }
    : await proxy.lists.page(uuid, listing, msg.continuationToken, size, targets)
  proxy.stats.add('lst.n')
  if (acceptsMsgpack(api.call.headers.get('accept'))) return msgpackReply(joinListPage(page))
  return jsonReply(listPageToJson({ ...page, entries: readRuns(page.runs) }))
}
