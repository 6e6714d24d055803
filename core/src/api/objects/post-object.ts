import { z } from 'zod'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { type ApiCall, findAction, readAction } from '../../node/api-call.ts'
import { bareBucketOf, objectPathOf } from '../../node/bucket-of.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply, textReply } from '../../node/replies.ts'
import { parseCustomMd } from '../../object/custom-md.ts'
import { checkObjectName } from '../../object/object-name.ts'
import type { Reply } from '../../ports/call.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { promoteFiles } from '../../proxy/promote-files.ts'
import { placeOf } from '../../target/entry.ts'
import { renameObject } from '../../target/move-object.ts'
import { beginUpload, completeUpload } from '../../target/multipart.ts'
import { loadObject, type Place, type TargetNode } from '../../target/target.ts'
import type { ActionMsg } from '../../wire/action-msg.ts'
import { strict } from '../../wire/strict.ts'

const partsSchema = z.array(
  z.strictObject({ 'part-number': z.int(), etag: z.string().default('') }),
)

type Run = (target: TargetNode, place: Place, api: ApiCall, action: ActionMsg) => Promise<Reply>

const rename: Run = async (target, place, _api, action) => {
  checkBucketAccess(place.bucket.bck, place.bucket.props, 'MOVE-OBJECT', place.name)
  if (action.name === '')
    throw new AisError('ErrBadRequest', 'rename-obj: new name is missing (name)')
  checkObjectName(action.name, { forWrite: true })
  await renameObject(target, place, action.name)
  return emptyReply()
}

const checkLock: Run = async (target, place) => {
  loadObject(target, place)
  const state = target.locks.state(place.uname)
  return emptyReply(state === 'unlocked' ? 200 : state === 'read' ? 202 : 423)
}

const begin: Run = async (target, place, api) => {
  checkBucketAccess(place.bucket.bck, place.bucket.props, 'PUT', place.name)
  return textReply(
    await beginUpload(target, place, parseCustomMd(api.call.headers.all('ais-custom-md'))),
  )
}

const complete: Run = async (target, place, api, action) => {
  checkBucketAccess(place.bucket.bck, place.bucket.props, 'PUT', place.name)
  const parts = strict(partsSchema, action.value, 'multipart completion')
  await completeUpload(
    target,
    place,
    api.target.query.get('uploadId') ?? '',
    parts.map((part) => ({ partNumber: part['part-number'], etag: part.etag })),
  )
  return emptyReply()
}

/** Object actions by their name on the wire. */
const actions: Readonly<Record<string, Run>> = {
  'rename-obj': rename,
  'check-lock': checkLock,
  'mpt-upload': begin,
  'mpt-complete': complete,
}

/**
 * POST on a bucket's objects: `promote`. On an object: the gateway redirects without reading the body (the Python SDK holds it back over HTTPS),
 * the target runs the action.
 */
export const postObject = endpoint({
  resource: 'objects',
  method: 'POST',
  async proxy(api, proxy) {
    const { object } = objectPathOf(api)
    if (object === undefined) {
      const action = await findAction(api)
      if (action?.action === 'promote') return promoteFiles(proxy, bareBucketOf(api), action)
      throw new AisError(
        'ErrBadRequest',
        `invalid URL path "${api.target.path}": object name is missing`,
      )
    }
    return redirectToOwner(api, proxy, 'HEAD-OBJECT', false)
  },
  async target(api, target) {
    const place = await placeOf(api, target, 'HEAD-OBJECT', false)
    const action = await readAction(api)
    const run = Object.hasOwn(actions, action.action) ? actions[action.action] : undefined
    if (run === undefined) {
      throw new AisError(
        'ErrBadRequest',
        `invalid action "${action.action}" for an object (action)`,
      )
    }
    return run(target, place, api, action)
  },
})
