import type { User } from '../../cluster/credentials.ts'
import { noPermissions, type Permissions } from '../../cluster/permissions.ts'

/** On whose behalf a call is made. */
export interface Principal {
  /** User ID, or the subject of a token; empty for anonymous. */
  readonly id: string
  /** 64 hex digits; empty for anonymous. What S3 calls the ID of an owner. */
  readonly canonicalId: string
  readonly displayName: string
  readonly permissions: Permissions
}

export const anonymous: Principal = Object.freeze({
  id: '',
  canonicalId: '',
  displayName: '',
  permissions: noPermissions,
})

export function principalOf({ id, canonicalId, displayName, permissions }: User): Principal {
  return { id, canonicalId, displayName, permissions }
}
