import { AisError } from '../../errors/ais-error.ts'
import { readAction } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'

/** PUT on a bucket: actions only, and none is registered yet. @throws AisError `ErrBadRequest` naming the action */
export const putBucket = endpoint({
  resource: 'buckets',
  method: 'PUT',
  async proxy(api) {
    const { action } = await readAction(api)
    throw new AisError('ErrBadRequest', `invalid action "${action}" for ${api.target.path}`)
  },
})
