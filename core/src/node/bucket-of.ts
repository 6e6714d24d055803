import type { Bck } from '../bucket/bck.ts'
import { parseBck } from '../bucket/names.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkObjectName } from '../object/object-name.ts'
import { type ObjectPath, parseObjectPath } from '../wire/target.ts'
import type { ApiCall } from './api-call.ts'
import { checkOffered } from './offered.ts'

/** The bucket part of `/v1/buckets/...` or `/v1/objects/...`. */
export function objectPathOf(api: ApiCall): ObjectPath {
  const path = parseObjectPath(api.target)
  if (path === undefined) {
    throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
  }
  return path
}

/** The bucket a call names in its path and query. @throws AisError `ErrBadRequest`, `ErrInvalidBackendProvider` */
export function bucketOf(api: ApiCall): Bck {
  return bucketIn(api, objectPathOf(api))
}

function bucketIn(api: ApiCall, { bucket }: ObjectPath): Bck {
  if (bucket === undefined) {
    throw new AisError(
      'ErrBadRequest',
      `invalid URL path "${api.target.path}": bucket name is missing`,
    )
  }
  return parseBck(
    bucket,
    api.target.query.get('provider') ?? '',
    api.target.query.get('namespace') ?? '',
  )
}

/** The bucket of a call that is about the bucket and nothing in it. @throws AisError `ErrBadRequest` */
export function bareBucketOf(api: ApiCall): Bck {
  if (objectPathOf(api).object !== undefined) {
    throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}": expecting a bucket`)
  }
  return bucketOf(api)
}

/**
 * The bucket and object a call names; the name checked.
 * @throws AisError `ErrBadRequest`; `ErrNotImpl` the call asks for what is not offered
 */
export function objectOf(api: ApiCall, forWrite: boolean): { bck: Bck; name: string } {
  checkOffered(api.method, api.target.query)
  const path = objectPathOf(api)
  const bck = bucketIn(api, path)
  const { object } = path
  if (object === undefined) {
    throw new AisError(
      'ErrBadRequest',
      `invalid URL path "${api.target.path}": object name is missing`,
    )
  }
  checkObjectName(object, { forWrite })
  return { bck, name: object }
}
