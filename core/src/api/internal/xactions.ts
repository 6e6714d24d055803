import { z } from 'zod'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply, jsonReply, textReply } from '../../node/replies.ts'
import { xactionsOf } from '../../target/xactions.ts'
import { parseActionMsg } from '../../wire/action-msg.ts'
import { strict } from '../../wire/strict.ts'
import { parsePromote } from '../../xaction/kinds/promote-message.ts'
import { viewSource } from '../../xaction/kinds/promote-source.ts'
import { orderSchema } from '../../xaction/xaction-record.ts'

/** GET of the jobs a target knows of. */
export const getXactions = endpoint({
  resource: 'xactions',
  method: 'GET',
  targetNetworks: ['control'],
  target: (_api, target) => jsonReply(xactionsOf(target)),
})

const stopSchema = z.strictObject({
  id: z.string().optional(),
  kind: z.string().optional(),
  bck: z.string().optional(),
  reason: z.string(),
})

/**
 * PUT between nodes. `begin`: could this job be started here; `start`: it is; `view-source`: what is there to promote; `resilver`: of this target alone, answers with
 * its ID; `stop`: those that are meant end.
 */
export const putXactions = endpoint({
  resource: 'xactions',
  method: 'PUT',
  targetNetworks: ['control'],
  async target(api, target) {
    const { action, value } = parseActionMsg(await readBody(api.call, limits.nameListBytesMax))
    switch (action) {
      case 'begin':
        await target.xactions.check(strict(orderSchema, value, 'job'))
        return emptyReply()
      case 'start':
        await target.xactions.start(strict(orderSchema, value, 'job'))
        return emptyReply()
      case 'view-source':
        return jsonReply(await viewSource(target, parsePromote({ name: '', value })))
      case 'resilver':
        return textReply(target.resilver.start().id)
      case 'stop': {
        const { reason, ...choice } = strict(stopSchema, value, 'jobs to stop')
        target.xactions.stop(choice, reason)
        return emptyReply()
      }
      default:
        throw new AisError('ErrBadRequest', `cannot ${action} a job at a target (action)`)
    }
  },
})
