import { AisError } from '../errors/ais-error.ts'
import type { NodeContext } from './node-context.ts'

/** While clients must prove who they are, nobody can be an administrator here yet. @throws AisError `ErrUnauthorized` */
export function checkAdmin({ metadata }: NodeContext): void {
  if (!metadata.config().auth.client_auth_required) return
  throw new AisError('ErrUnauthorized', 'token required')
}
