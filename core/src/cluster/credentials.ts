import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import { describeIssue } from '../wire/strict.ts'
import { wireVersion } from '../wire/version.ts'
import { type EnrolledEdge, enrolledEdgeSchema, enrolledEdgeToJson } from './enrolled-edge.ts'
import { type Permissions, permissionsSchema, permissionsToJson } from './permissions.ts'

/** Somebody who may hold access keys. */
export interface User {
  readonly id: string
  /** 64 hex digits, made once: what S3 calls an owner. */
  readonly canonicalId: string
  readonly displayName: string
  readonly email: string
  readonly createdMs: number
  readonly permissions: Permissions
}

/** One half of a key pair; the other one is sealed. */
export interface AccessKey {
  readonly id: string
  /** ID of its user, whose permissions it has. */
  readonly user: string
  readonly createdMs: number
  /** When it stops being good; `undefined`: never. */
  readonly expiresMs: number | undefined
  readonly disabled: boolean
  /** Which key-encryption key, and base64 of nonce, ciphertext and tag. */
  readonly sealed: { readonly by: string; readonly box: string }
}

/** Users, access keys and edge gateways. Immutable; replicated and versioned as the BMD is. */
export interface Credentials {
  readonly version: number
  readonly users: ReadonlyMap<string, User>
  readonly keys: ReadonlyMap<string, AccessKey>
  /** Gateways beside the map, by ID. */
  readonly edges: ReadonlyMap<string, EnrolledEdge>
}

/** Of a cluster that never had any; what states of older programs hold. */
export const noCredentials: Credentials = Object.freeze({
  version: 0,
  users: new Map(),
  keys: new Map(),
  edges: new Map(),
})

/** Most that the document holds: it travels and rests as a whole. */
export const usersMax = 10_000
export const accessKeysMax = 20_000

const timeMs = z.int().nonnegative()

const userSchema = z.object({
  id: z.string(),
  canonical_id: z.string().regex(/^[0-9a-f]{64}$/),
  display_name: z.string(),
  email: z.string(),
  created_ms: timeMs,
  permissions: permissionsSchema,
})

const keySchema = z.object({
  id: z.string(),
  user: z.string(),
  created_ms: timeMs,
  expires_ms: timeMs.nullish(),
  disabled: z.boolean(),
  sealed: z.object({ by: z.string(), box: z.string() }),
})

const credentialsSchema = z.object({
  version: wireVersion,
  users: z.array(userSchema),
  keys: z.array(keySchema),
  // States of older programs have none.
  edges: z.array(enrolledEdgeSchema).default([]),
})

/** @throws AisError `ErrBadRequest` naming the field, never its value */
export function parseCredentials(json: unknown): Credentials {
  const result = credentialsSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid credentials: ${describeIssue(result.error)}`)
  }
  const { version, users, keys, edges } = result.data
  return {
    version,
    users: new Map(
      users.map(({ id, canonical_id, display_name, email, created_ms, permissions }) => [
        id,
        {
          id,
          canonicalId: canonical_id,
          displayName: display_name,
          email,
          createdMs: created_ms,
          permissions,
        },
      ]),
    ),
    keys: new Map(
      keys.map(({ id, user, created_ms, expires_ms, disabled, sealed }) => [
        id,
        {
          id,
          user,
          createdMs: created_ms,
          expiresMs: expires_ms ?? undefined,
          disabled,
          sealed,
        },
      ]),
    ),
    edges: new Map(edges.map((edge) => [edge.id, edge])),
  }
}

/** The document as it travels between nodes and rests on their disks; nowhere else is a sealed secret written. */
export function credentialsToJson({
  version,
  users,
  keys,
  edges,
}: Credentials): Record<string, unknown> {
  return {
    version,
    users: [...users.values()].map((user) => ({
      id: user.id,
      canonical_id: user.canonicalId,
      display_name: user.displayName,
      email: user.email,
      created_ms: user.createdMs,
      permissions: permissionsToJson(user.permissions),
    })),
    keys: [...keys.values()].map((key) => ({
      id: key.id,
      user: key.user,
      created_ms: key.createdMs,
      expires_ms: key.expiresMs,
      disabled: key.disabled,
      sealed: key.sealed,
    })),
    edges: edges.size === 0 ? undefined : [...edges.values()].map(enrolledEdgeToJson),
  }
}

/** The key, while it may be used. */
export function usableKey(
  { keys, users }: Credentials,
  id: string,
  nowMs: number,
): AccessKey | undefined {
  const key = keys.get(id)
  if (key === undefined || key.disabled || !users.has(key.user)) return undefined
  return key.expiresMs !== undefined && key.expiresMs <= nowMs ? undefined : key
}
