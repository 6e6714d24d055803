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

function refuseSort(): never {
  throw new AisError('ErrNotImpl', 'dsort is not implemented (/v1/sort)')
}

/** POST `/v1/sort`: to begin one. Clients find out by the status that there is none. */
export const startSort = endpoint({ resource: 'sort', method: 'POST', proxy: refuseSort })

/** DELETE `/v1/sort` and `/v1/sort/abort`, likewise. */
export const deleteSort = endpoint({ resource: 'sort', method: 'DELETE', proxy: refuseSort })

function refuseEtl(): never {
  throw new AisError('ErrNotImpl', 'ETL is not implemented (/v1/etl)')
}

/** `/v1/etl`, as upstream's builds without it: clients find out by the status. @see AIStore ais/prxetl.go */
export const etlEndpoints = (['GET', 'PUT', 'POST', 'DELETE'] as const).map((method) =>
  endpoint({ resource: 'etl', method, proxy: refuseEtl }),
)
