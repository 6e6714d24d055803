import { sameBck } from '../../bucket/bck.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { textReply } from '../../node/replies.ts'
import { startXaction } from '../../proxy/start-xaction.ts'
import { bckOfMessage } from '../../wire/bck-message.ts'
import { parseArchive } from '../../xaction/kinds/archive-message.ts'

/** PUT `archive`: objects by list, range, or prefix into one shard. Answers with the ID of the job. */
export const archiveObjects = actionEndpoint({
  resource: 'buckets',
  method: 'PUT',
  action: 'archive',
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    const { action: kind, value: args } = api.action
    const shardBck = bckOfMessage(parseArchive(args).tobck)
    const to = sameBck(bck, shardBck) ? undefined : shardBck
    return textReply(await startXaction(proxy, { kind, bck, to, args }))
  },
})
