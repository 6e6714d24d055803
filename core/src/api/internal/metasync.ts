import { metasyncJson, parseMetasync } from '../../cluster/metasync.ts'
import { limits } from '../../config/limits.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { emptyReply, jsonReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { parseJsonBytes } from '../../wire/json.ts'

async function receive(api: ApiCall, node: NodeContext): Promise<Reply> {
  const bytes = await readBody(api.call, limits.metadataBytesMax)
  await node.metadata.apply(parseMetasync(parseJsonBytes(bytes)))
  return emptyReply()
}

function send(_api: ApiCall, node: NodeContext): Reply {
  const { metadata } = node
  return jsonReply(
    metasyncJson({ smap: metadata.smap(), bmd: metadata.bmd(), config: metadata.config() }),
  )
}

/** PUT from the primary: newer metadata. Answers when it is durable and in force. */
export const putMetasync = endpoint({
  resource: 'metasync',
  method: 'PUT',
  proxyNetworks: ['control'],
  targetNetworks: ['control'],
  always: true,
  proxy: receive,
  target: receive,
})

/** GET by a node that has reason to believe it lags. */
export const getMetasync = endpoint({
  resource: 'metasync',
  method: 'GET',
  proxyNetworks: ['control'],
  always: true,
  proxy: send,
})
