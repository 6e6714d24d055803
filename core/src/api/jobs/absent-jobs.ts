import { utf8Decode } from '../../algorithms/utf8.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply, textReply } from '../../node/replies.ts'
import { isJsonObject, parseJson } from '../../wire/json.ts'

/**
 * GET `/v1/download`: the downloads, of which there are none: nothing here starts one. Asked for one by its ID: 404.
 * @see AIStore ais/prxdl.go
 */
export const getDownloads = endpoint({
  resource: 'download',
  method: 'GET',
  async proxy(api) {
    const text = utf8Decode(await readBody(api.call, limits.jsonBytesMax)) ?? ''
    const message = text === '' ? {} : parseJson(text)
    const id = isJsonObject(message) ? (message.id ?? '') : ''
    if (id === '') return textReply('[]')
    throw new AisError('ErrNotFound', `download job "${String(id)}" does not exist`)
  },
})

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
