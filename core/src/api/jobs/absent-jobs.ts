import { AisError } from '../../errors/ais-error.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'

/** GET `/v1/sort`: the distributed sorts, of which there are none. Asked for one by its ID: 404. @see AIStore ais/prxdsort.go */
export const getSorts = endpoint({
  resource: 'sort',
  method: 'GET',
  proxy(api) {
    const id = api.target.query.get('uuid')
    if (!id) return jsonReply([])
    throw new AisError('ErrNotFound', `dsort job "${id}" does not exist`)
  },
})
