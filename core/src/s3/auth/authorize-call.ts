import { permits } from '../../cluster/permissions.ts'
import type { Access } from '../../node/access.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { bucketByName } from '../find-bucket.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { type Authorized, authorize } from './authorize.ts'

/**
 * Who makes a call, and that they may. Somebody anonymous may do nothing, unless the cluster has no users at all and
 * asks no client who it is: nobody could sign then, and what listens does so on this machine alone.
 * @param need of the operation
 * @throws S3Error as `authorize`; `AccessDenied`
 */
export function authorizeCall(s3: S3Call, node: NodeContext, need: Access): Authorized {
  const { metadata, platform, keyRing } = node
  const { auth } = metadata.config()
  const credentials = metadata.credentials()
  const authorized = authorize(s3.call, s3.query.all(), {
    crypto: platform.crypto,
    nowMs: platform.clock.now(),
    keyRing,
    credentials,
    allowTokenCompat: auth.allow_s3_token_compat === true,
    // No issuer of tokens is known to this program yet.
    findToken: () => undefined,
  })
  if (authorized.by === 'nothing') {
    const isOpen = credentials.users.size === 0 && !auth.client_auth_required
    if (isOpen) return authorized
    throw new S3Error('AccessDenied')
  }
  const bck = s3.bucket === '' ? undefined : bucketByName(metadata.bmd(), s3.bucket)?.bck
  const clusterId = metadata.smap().uuid
  if (permits(authorized.principal.permissions, clusterId, need, bck)) return authorized
  throw new S3Error('AccessDenied')
}
