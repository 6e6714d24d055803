import { toBase36 } from '../algorithms/short-id.ts'
import { type Bck, bckUname, sameBck } from '../bucket/bck.ts'
import { listBuckets } from '../bucket/bmd.ts'
import type { BucketProps } from '../bucket/bucket-props.ts'
import { activeTargets } from '../cluster/smap.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkBucketAccess } from '../node/access.ts'
import type { ApiCall } from '../node/api-call.ts'
import { checkStatus } from '../node/node-answer.ts'
import { emptyReply, textReply } from '../node/replies.ts'
import type { HeaderLine, Reply } from '../ports/call.ts'
import {
  addSummaries,
  type BucketSummary,
  parseSummary,
  parseSummaryMsg,
  summaryToJson,
} from '../wire/bucket-summary.ts'
import { type JsonValue, parseJsonBytes, stringifyJson } from '../wire/json.ts'
import { type ProxyNode, proxyBucket } from './proxy.ts'

const askTimeoutMs = 60_000

/** A bucket as this gateway knows it. */
interface Asked {
  readonly bck: Bck
  readonly bid: bigint
}

/** Counts and sizes of one bucket over all targets. */
async function summarize(
  proxy: ProxyNode,
  asked: Asked,
  prefix: string,
  uuid: string,
): Promise<BucketSummary> {
  const { bck, bid } = asked
  const body = stringifyJson({ bucket: bckUname(bck), bid: toBase36(bid), prefix })
  const parts = await Promise.all(
    activeTargets(proxy.metadata.smap()).map(async (target) => {
      const answer = await proxy.transport.call(
        target,
        'data',
        { method: 'POST', target: `/v1/summary?uuid=${uuid}`, body },
        askTimeoutMs,
      )
      return parseSummary(parseJsonBytes(await checkStatus(answer)))
    }),
  )
  return addSummaries(bck, parts)
}

/** GET `summary-bck`: 202 with an ID first; asked with that ID, 202 until the array is there. */
export async function getSummary(
  proxy: ProxyNode,
  api: ApiCall,
  bck: Bck | undefined,
  value: JsonValue | undefined,
): Promise<Reply> {
  const msg = parseSummaryMsg(value ?? null)
  if (msg.uuid !== '') {
    const found = await proxy.summaries.find(msg.uuid)
    if (found === 'pending')
      return { status: 202, headers: [], body: { kind: 'bytes', bytes: '[]' } }
    const bytes = `${stringifyJson(found.map(summaryToJson))}\n`
    return {
      status: 200,
      headers: [['Content-Type', 'text/plain; charset=utf-8']],
      body: { kind: 'bytes', bytes },
    }
  }
  const asked = await bucketsAsked(proxy, api, bck)
  const uuid = proxy.summaries.start(async (id) => {
    const summaries: BucketSummary[] = []
    // One job at each target, bucket after bucket.
    for (const one of asked) summaries.push(await summarize(proxy, one, msg.prefix, id))
    return summaries
  })
  return textReply(uuid, 202)
}

async function bucketsAsked(
  proxy: ProxyNode,
  api: ApiCall,
  bck: Bck | undefined,
): Promise<Asked[]> {
  if (bck === undefined) {
    const provider = api.target.query.get('provider') ?? ''
    return listBuckets(proxy.metadata.bmd())
      .filter((one) => provider === '' || one.bck.provider === provider)
      .map((one) => ({ bck: one.bck, bid: one.props.bid }))
  }
  const props = await proxyBucket(proxy, bck)
  checkBucketAccess(bck, props, 'HEAD-BUCKET')
  return [{ bck, bid: props.bid }]
}

/** HEAD with `bsumm_remote`: 202 and an ID first, then the summary in `Ais-Bucket-Summ`. */
export async function headSummary(
  proxy: ProxyNode,
  bucket: { readonly bck: Bck; readonly props: BucketProps; readonly prefix: string },
  uuid: string,
  propsLine: HeaderLine,
): Promise<Reply> {
  const { bck, props, prefix } = bucket
  if (uuid === '') {
    const id = proxy.summaries.start(async (own) => [
      await summarize(proxy, { bck, bid: props.bid }, prefix, own),
    ])
    return emptyReply(202, [propsLine, ['Ais-Xaction-Id', id]])
  }
  const found = await proxy.summaries.find(uuid)
  if (found === 'pending') return emptyReply(202, [propsLine, ['Ais-Xaction-Id', uuid]])
  const own = found.find((summary) => sameBck(summary.bck, bck))
  if (own === undefined) throw new AisError('ErrXactNotFound', `xaction "${uuid}" not found`)
  return emptyReply(200, [propsLine, ['Ais-Bucket-Summ', stringifyJson(summaryToJson(own))]])
}
