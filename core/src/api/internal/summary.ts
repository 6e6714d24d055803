import { z } from 'zod'
import { shortId } from '../../algorithms/short-id.ts'
import { parseBckUname } from '../../bucket/names.ts'
import { limits } from '../../config/limits.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'
import { summarizeShards } from '../../target/archive/summarize-shards.ts'
import { statedBucket } from '../../target/stated-bucket.ts'
import { summarizeBucket } from '../../target/summarize-bucket.ts'
import { summaryPartToJson } from '../../wire/bucket-summary.ts'
import { parseJsonBytes } from '../../wire/json.ts'
import { strict } from '../../wire/strict.ts'

const querySchema = z.strictObject({ bucket: z.string(), bid: z.string(), prefix: z.string() })

/** POST between nodes: a target's part of a bucket summary; `/shards`: of a summary of shards. */
export const summaryPart = endpoint({
  resource: 'summary',
  method: 'POST',
  targetNetworks: ['data', 'control'],
  async target(api, target) {
    const json = parseJsonBytes(await readBody(api.call, limits.jsonBytesMax))
    const query = strict(querySchema, json, 'summary query')
    const bck = parseBckUname(query.bucket)
    const bucket = await statedBucket(target, bck, query.bid)
    if (api.items[0] === 'shards') {
      return jsonReply(await summarizeShards(target, bucket, query.prefix))
    }
    const uuid = api.target.query.get('uuid') ?? shortId(target.platform.random)
    const part = await summarizeBucket(target, bucket, query.prefix, uuid)
    return jsonReply(summaryPartToJson(part))
  },
})
