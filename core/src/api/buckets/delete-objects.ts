import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { textReply } from '../../node/replies.ts'
import { startXaction } from '../../proxy/start-xaction.ts'

/** DELETE `delete-listrange`: objects by list, range, or prefix. Answers with the ID of the job. */
export const deleteObjects = actionEndpoint({
  resource: 'buckets',
  method: 'DELETE',
  action: 'delete-listrange',
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    const { action: kind, value: args } = api.action
    return textReply(await startXaction(proxy, { kind, bck, args }))
  },
})
