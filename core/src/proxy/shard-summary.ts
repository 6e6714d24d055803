import { toBase36 } from '../algorithms/short-id.ts'
import { type Bck, bckUname } from '../bucket/bck.ts'
import { activeTargets } from '../cluster/smap.ts'
import { checkBucketAccess } from '../node/access.ts'
import { checkStatus } from '../node/node-answer.ts'
import { jsonReply, textReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import { parseSummaryMsg } from '../wire/bucket-summary.ts'
import { type JsonValue, parseJsonBytes, stringifyJson } from '../wire/json.ts'
import {
  addShardParts,
  noShards,
  parseShardPart,
  type ShardSummary,
  shardSummaryToJson,
} from '../wire/shard-summary.ts'
import { type ProxyNode, proxyBucket } from './proxy.ts'

const askTimeoutMs = 60_000

async function summarize(
  proxy: ProxyNode,
  bck: Bck,
  bid: bigint,
  prefix: string,
): Promise<ShardSummary> {
  const body = stringifyJson({ bucket: bckUname(bck), bid: toBase36(bid), prefix })
  const call = { method: 'POST', target: '/v1/summary/shards', body }
  const parts = activeTargets(proxy.metadata.smap()).map(async (target) => {
    const answer = await proxy.transport.call(target, 'data', call, askTimeoutMs)
    return parseShardPart(parseJsonBytes(await checkStatus(answer)))
  })
  return addShardParts(await Promise.all(parts))
}

/**
 * GET `summary-shard`: 202 with an ID first; asked with that ID, 202 until the summary is there.
 * @throws AisError `ErrBckNotFound`; `ErrXactNotFound` no such ID
 * @see AIStore ais/prxshardsumm.go
 */
export async function getShardSummary(
  proxy: ProxyNode,
  bck: Bck,
  value: JsonValue | undefined,
): Promise<Reply> {
  const { uuid, prefix } = parseSummaryMsg(value ?? null)
  if (uuid !== '') {
    const found = await proxy.shardSummaries.find(uuid)
    if (found !== 'pending') return jsonReply(shardSummaryToJson(found))
    return { ...jsonReply(shardSummaryToJson(noShards)), status: 202 }
  }
  const props = await proxyBucket(proxy, bck)
  checkBucketAccess(bck, props, 'HEAD-BUCKET')
  const id = proxy.shardSummaries.start(() => summarize(proxy, bck, props.bid, prefix))
  return textReply(id, 202)
}
