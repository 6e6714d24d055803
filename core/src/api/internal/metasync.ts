import { checkCluster } from '../../cluster/control/check-cluster.ts'
import { parseMetasync } from '../../cluster/control/control-wire.ts'
import { documentsToJson, onlyDocuments } from '../../cluster/control/documents.ts'
import { receiveMetasync } from '../../cluster/control/follow.ts'
import { limits } from '../../config/limits.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { jsonReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { parseJsonBytes } from '../../wire/json.ts'

async function receive(api: ApiCall, { control }: NodeContext): Promise<Reply> {
  const bytes = await readBody(api.call, limits.metadataBytesMax)
  const message = parseMetasync(parseJsonBytes(bytes))
  const answer = await control.run((state, now) => {
    checkCluster(state, message.uuid)
    return receiveMetasync(state, message, now)
  })
  if (message.committed) await control.followed()
  return jsonReply(answer)
}

/** PUT from the primary: a state to hold, or one in force. Answers when it is durable and, in force, followed. */
export const putMetasync = endpoint({
  resource: 'metasync',
  method: 'PUT',
  proxyNetworks: ['control'],
  targetNetworks: ['control'],
  always: true,
  proxy: receive,
  target: receive,
})

/** GET of what is in force here, for those who look. Credentials are shown to nobody. */
export const getMetasync = endpoint({
  resource: 'metasync',
  method: 'GET',
  proxyNetworks: ['control'],
  always: true,
  proxy(_api, { control }) {
    return jsonReply(documentsToJson(onlyDocuments(control.state().committed, 'credentials')))
  },
})
