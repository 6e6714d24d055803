import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { textReply } from '../../node/replies.ts'
import { startXaction } from '../../proxy/start-xaction.ts'

/** POST `rechunk` and `index-shard`: jobs on the objects of one bucket. Answers with the ID of the job. */
export const startBucketJob = actionEndpoint({
  resource: 'buckets',
  method: 'POST',
  action: ['rechunk', 'index-shard'],
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    const { action: kind, value: args } = api.action
    return textReply(await startXaction(proxy, { kind, bck, args }))
  },
})
