import { z } from 'zod'
import { parseBckUname } from '../../bucket/names.ts'
import { limits } from '../../config/limits.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply, msgpackReply } from '../../node/replies.ts'
import { listArchived } from '../../target/archive/list-archived.ts'
import { listPage } from '../../target/list-page.ts'
import { movingPage } from '../../target/rebalance/moving-page.ts'
import { statedBucket } from '../../target/stated-bucket.ts'
import { parseJsonBytes } from '../../wire/json.ts'
import { encodeListPage } from '../../wire/msgpack.ts'
import { strict } from '../../wire/strict.ts'

const querySchema = z.strictObject({
  bucket: z.string(),
  bid: z.string(),
  prefix: z.string(),
  after: z.string(),
  limit: z.int().min(1).max(10_000),
  recursive: z.boolean(),
  delimiter: z.string().min(1).optional(),
  dirs: z.boolean(),
  archives: z.boolean().optional(),
  versions: z.boolean().optional(),
  props: z.array(z.string()),
  timeFormat: z.string(),
})

/**
 * POST between nodes: a target's part of one listing page. The token is the last name, empty at the end. `/moving`: with
 * generations and tombstones, while objects are on the move. `/s3`: as JSON, with what S3 lists tell. `uuid`: of the listing.
 */
export const listPart = endpoint({
  resource: 'list',
  method: 'POST',
  targetNetworks: ['data', 'control'],
  async target(api, target) {
    const json = parseJsonBytes(await readBody(api.call, limits.jsonBytesMax))
    const query = strict(querySchema, json, 'list query')
    const bck = parseBckUname(query.bucket)
    const bucket = await statedBucket(target, bck, query.bid)
    const uuid = api.target.query.get('uuid') ?? ''
    target.listings.check(uuid)
    const wanted = { ...query, props: new Set(query.props) }
    if (api.items[0] === 'moving') {
      return jsonReply(await movingPage(target, bucket, wanted))
    }
    const page = query.archives
      ? await listArchived(target, bucket, wanted, api.call.signal)
      : await listPage(target, bucket, wanted)
    target.stats.add('lst.n')
    target.listings.count(uuid, bck, page.entries.length, page.end)
    if (api.items[0] === 's3') return jsonReply(page)
    const token = page.end ? '' : (page.entries.at(-1)?.name ?? '')
    return msgpackReply(encodeListPage({ uuid: '', token, entries: page.entries, flags: 0 }))
  },
})
