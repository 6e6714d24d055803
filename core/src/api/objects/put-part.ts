import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { parsePartNumber, writePart } from '../../target/multipart.ts'

/** PUT with `uploadId` and `partNumber`: one part of a multipart upload. */
export const putPart = endpoint({
  resource: 'objects',
  method: 'PUT',
  query: 'uploadId',
  targetNetworks: ['public', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'PUT', true),
  async target(api, target) {
    const place = await placeOf(api, target, 'PUT', true)
    const { query } = api.target
    const partNumber = parsePartNumber(query.get('partNumber') ?? '')
    await writePart(target, place, api.call, query.get('uploadId') ?? '', partNumber)
    return emptyReply()
  },
})
