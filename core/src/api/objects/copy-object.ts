import { parseObjectUname } from '../../bucket/names.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { checkObjectName } from '../../object/object-name.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { copyObject } from '../../target/move-object.ts'
import { targetBucket } from '../../target/target.ts'

/** PUT with `object_to`: the URL's object is copied to that uname; answers when the copy is acknowledged. */
export const copyObjectEndpoint = endpoint({
  resource: 'objects',
  method: 'PUT',
  query: 'object_to',
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'GET', false),
  async target(api, target) {
    const place = await placeOf(api, target, 'GET', false)
    const uname = api.target.query.get('object_to') ?? ''
    const to = parseObjectUname(uname)
    if (to === undefined) {
      throw new AisError('ErrBadRequest', `invalid destination "${uname}" (object_to)`)
    }
    checkObjectName(to.name, { forWrite: true })
    const bucket = await targetBucket(target, to.bck)
    checkBucketAccess(to.bck, bucket.props, 'PUT', to.name)
    await copyObject(target, place, bucket, to.name)
    return emptyReply()
  },
})
