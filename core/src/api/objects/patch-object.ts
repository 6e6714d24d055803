import { readAction } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { parseCustomMap } from '../../object/custom-md.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { setCustom } from '../../target/set-custom.ts'

/** PATCH of an object's custom metadata: merged, or with `set-new-custom` all of it replaced. */
export const patchObject = endpoint({
  resource: 'objects',
  method: 'PATCH',
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'UPDATE-OBJECT', false),
  async target(api, target) {
    const place = await placeOf(api, target, 'UPDATE-OBJECT', false)
    const { value } = await readAction(api)
    const replace = api.target.query.bool('set-new-custom')
    await setCustom(target, place, parseCustomMap(value), replace)
    return emptyReply()
  },
})
