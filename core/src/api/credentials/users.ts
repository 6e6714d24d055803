import { z } from 'zod'
import { toHex } from '../../algorithms/hex.ts'
import type { User } from '../../cluster/credentials.ts'
import { userNamed, withoutUser, withUser } from '../../cluster/credentials-changes.ts'
import { ownDataAccess, permissionsSchema, permissionsToJson } from '../../cluster/permissions.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { strict } from '../../wire/strict.ts'

/** Bytes of chance in a canonical ID: 64 hex digits, as Amazon's. */
const canonicalIdBytes = 32
/** Characters of a display name and of an address. */
const nameLengthMax = 256

const newUserSchema = z.strictObject({
  id: z.string(),
  display_name: z.string().max(nameLengthMax).optional(),
  email: z.string().max(nameLengthMax).default(''),
  permissions: permissionsSchema.optional(),
})

/** A user as clients see one. */
export function userToJson(user: User): Record<string, unknown> {
  return {
    id: user.id,
    canonical_id: user.canonicalId,
    display_name: user.displayName,
    email: user.email,
    created: new Date(user.createdMs).toISOString(),
    permissions: permissionsToJson(user.permissions),
  }
}

export function listUsers(proxy: ProxyNode): Record<string, unknown>[] {
  return [...proxy.metadata.credentials().users.values()].map(userToJson)
}

/** @throws AisError `ErrNotFound` */
export function showUser(proxy: ProxyNode, id: string): Record<string, unknown> {
  return userToJson(userNamed(proxy.metadata.credentials(), id))
}

/** Without `permissions`: makes buckets and owns them. @throws AisError as `withUser` */
export async function createUser(
  proxy: ProxyNode,
  json: unknown,
): Promise<Record<string, unknown>> {
  const { id, display_name, email, permissions } = strict(newUserSchema, json, 'user')
  const { clock, random } = proxy.platform
  const user: User = {
    id,
    canonicalId: toHex(random.bytes(canonicalIdBytes)),
    displayName: display_name ?? id,
    email,
    createdMs: clock.now(),
    permissions: permissions ?? ownDataAccess(),
  }
  await proxy.primary.updateCredentials((now) => withUser(now, user))
  return userToJson(user)
}

/** The user's keys go as well. @throws AisError `ErrNotFound` */
export async function deleteUser(proxy: ProxyNode, id: string): Promise<void> {
  await proxy.primary.updateCredentials((now) => withoutUser(now, id))
}
