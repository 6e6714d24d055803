import { AisError } from '../../errors/ais-error.ts'
import { readAction } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply, textReply } from '../../node/replies.ts'
import { xactionsOf } from '../../target/xactions.ts'
import { isJsonObject } from '../../wire/json.ts'

/** GET of the jobs a target knows of. */
export const getXactions = endpoint({
  resource: 'xactions',
  method: 'GET',
  targetNetworks: ['control'],
  target: (_api, target) => jsonReply(xactionsOf(target)),
})

/** PUT of `start`: a job of this target alone. Answers with its ID. */
export const putXactions = endpoint({
  resource: 'xactions',
  method: 'PUT',
  targetNetworks: ['control'],
  async target(api, target) {
    const { action, value } = await readAction(api)
    const kind = isJsonObject(value) ? value.kind : undefined
    if (action === 'start' && kind === 'resilver') return textReply(target.resilver.start().id)
    throw new AisError('ErrBadRequest', `cannot ${action} "${kind}" at a target (action)`)
  },
})
