import { z } from 'zod'
import { parseBckUname } from '../../bucket/names.ts'
import { limits } from '../../config/limits.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'
import { summarizeShards } from '../../target/archive/summarize-shards.ts'
import { statedBucket } from '../../target/stated-bucket.ts'
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
    const parts = target.mountpaths().map((mountpath) => mountpath.summary(bucket, query.prefix))
    const filled = parts.filter((part) => part.objects > 0)
    const capacities = await Promise.all(target.mountpaths().map((one) => one.capacity()))
    // Mountpaths of one file system share its bytes.
    const disks = new Map(capacities.map((one) => [one.fsId, one.totalBytes]))
    return jsonReply(
      summaryPartToJson({
        objects: BigInt(filled.reduce((sum, part) => sum + part.objects, 0)),
        sizeBytes: filled.reduce((sum, part) => sum + part.sizeBytes, 0n),
        minBytes: filled.length === 0 ? 0 : Math.min(...filled.map((part) => part.min)),
        maxBytes: filled.length === 0 ? 0 : Math.max(...filled.map((part) => part.max)),
        disksBytes: [...disks.values()].reduce((sum, bytes) => sum + bytes, 0n),
      }),
    )
  },
})
