import { checkCluster } from '../../cluster/control/check-cluster.ts'
import { parseVote, voteAnswerToJson } from '../../cluster/control/control-wire.ts'
import { receiveVote } from '../../cluster/control/vote.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { emptyReply, jsonReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { parseJsonBytes } from '../../wire/json.ts'

async function cast(api: ApiCall, { control }: NodeContext): Promise<Reply> {
  const [verb] = api.items
  if (verb !== 'proxy') throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
  const message = parseVote(parseJsonBytes(await readBody(api.call, limits.jsonBytesMax)))
  const answer = await control.run((state, now) => {
    checkCluster(state, message.uuid)
    return receiveVote(state, message, now, control.timing())
  })
  return jsonReply(voteAnswerToJson(answer))
}

/** PUT `/v1/vote/proxy`: a candidate asks for this node's vote. PUT `/v1/vote/init`: the primary hands over to this gateway. */
export const putVote = endpoint({
  resource: 'vote',
  method: 'PUT',
  proxyNetworks: ['control'],
  targetNetworks: ['control'],
  always: true,
  async proxy(api, proxy) {
    if (api.items[0] !== 'init') return cast(api, proxy)
    if (await proxy.election.standNow()) {
      // Its first state is the map with itself as the primary: who handed over waits for that.
      await proxy.primary.tick()
      return emptyReply()
    }
    throw new AisError('ErrBusy', `${proxy.self().daemonId} was not elected`)
  },
  target: cast,
})
