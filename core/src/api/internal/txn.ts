import { z } from 'zod'
import { parseBucketProps } from '../../bucket/bucket-props.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { checkTransaction } from '../../target/check-transaction.ts'
import { parseJsonBytes } from '../../wire/json.ts'
import { strict } from '../../wire/strict.ts'

const messageSchema = z.strictObject({
  action: z.enum(['create-bck', 'destroy-bck', 'move-bck', 'set-bprops', 'reset-bprops']),
  props: z.unknown().optional(),
  locks: z.boolean().optional(),
})

/**
 * POST `/v1/txn/<bucket>/begin` from the primary: could this target follow? The commit is the BMD that comes by
 * metasync; without one nothing has happened, so there is no abort.
 */
export const beginTxn = endpoint({
  resource: 'txn',
  method: 'POST',
  targetNetworks: ['control'],
  async target(api, target) {
    if (api.items.length !== 2 || api.items[1] !== 'begin') {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    const json = parseJsonBytes(await readBody(api.call, limits.jsonBytesMax))
    const { action, props, locks } = strict(messageSchema, json, 'transaction')
    await checkTransaction(target, {
      action,
      locks,
      props: props === undefined ? undefined : parseBucketProps(props),
    })
    return emptyReply()
  },
})
