import { AisError } from '../../errors/ais-error.ts'
import { checkAdmin } from '../../node/check-admin.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'

/**
 * GET `/v1/etl` and `/v1/etl/NAME`: the transformers of the EMD. No target runs one: each is shown as stopped.
 * @see AIStore ais/prxetl.go
 */
export const getEtls = endpoint({
  resource: 'etl',
  method: 'GET',
  proxy(api, proxy) {
    checkAdmin(proxy)
    const [name, ...more] = api.items
    if (more.length > 0) {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    const { etls } = proxy.metadata.emd()
    if (name === undefined) {
      const idle = { stage: 'Aborted', xaction_id: '', obj_count: 0, in_bytes: 0, out_bytes: 0 }
      return jsonReply([...etls.keys()].map((id) => ({ id, ...idle })))
    }
    const etl = etls.get(name)
    if (etl === undefined) throw new AisError('ErrNotFound', `etl job "${name}" does not exist`)
    return jsonReply({ init_msg: etl.initMsg })
  },
})
