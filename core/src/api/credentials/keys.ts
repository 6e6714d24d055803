import { z } from 'zod'
import { draw } from '../../algorithms/short-id.ts'
import type { AccessKey } from '../../cluster/credentials.ts'
import { withKey, withKeyState, withoutKey } from '../../cluster/credentials-changes.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { strict } from '../../wire/strict.ts'

/** 20 characters, as Amazon's. */
const idPrefix = 'AIS'
const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const drawnIdLength = 17
/** 40 characters, as Amazon's; 238 bits of chance. */
const secretAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const secretLength = 40

const newKeySchema = z
  .strictObject({
    user: z.string(),
    access_key: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{3,128}$/, 'expecting 3 to 128 letters, digits, "_", "." and "-"')
      .optional(),
    secret_key: z
      .string()
      .regex(/^[!-~]{8,128}$/, 'expecting 8 to 128 printable characters without spaces')
      .optional(),
    expires: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(
    ({ access_key, secret_key }) => (access_key === undefined) === (secret_key === undefined),
    '"access_key" and "secret_key" go together',
  )

const keyStateSchema = z.strictObject({ disabled: z.boolean() })

/** An access key as clients see it; its secret never. */
export function keyToJson(key: AccessKey): Record<string, unknown> {
  return {
    access_key: key.id,
    user: key.user,
    created: new Date(key.createdMs).toISOString(),
    expires: key.expiresMs === undefined ? undefined : new Date(key.expiresMs).toISOString(),
    disabled: key.disabled,
  }
}

/** @param user only the keys of this one */
export function listKeys(proxy: ProxyNode, user: string | undefined): Record<string, unknown>[] {
  const keys = [...proxy.metadata.credentials().keys.values()]
  return keys.filter((key) => user === undefined || key.user === user).map(keyToJson)
}

/**
 * Draws a key pair, or takes the one that is given. The answer is the only place where the secret is ever shown.
 * @throws AisError `ErrNotReady` the primary has no key-encryption key; as `withKey`
 */
export async function createKey(proxy: ProxyNode, json: unknown): Promise<Record<string, unknown>> {
  const { user, access_key, secret_key, expires } = strict(newKeySchema, json, 'access key')
  const { clock, random } = proxy.platform
  const expiresMs = expires === undefined ? undefined : Date.parse(expires)
  if (expiresMs !== undefined && expiresMs <= clock.now()) {
    throw new AisError('ErrBadRequest', '"expires": is in the past')
  }
  const id = access_key ?? idPrefix + draw(random, idAlphabet, drawnIdLength)
  const secret = secret_key ?? draw(random, secretAlphabet, secretLength)
  const key: AccessKey = {
    id,
    user,
    createdMs: clock.now(),
    expiresMs,
    disabled: false,
    sealed: proxy.keyRing.seal(id, secret),
  }
  await proxy.primary.updateCredentials((now) => withKey(now, key))
  return { ...keyToJson(key), secret_key: secret }
}

/** @throws AisError `ErrNotFound` */
export async function setKeyState(proxy: ProxyNode, id: string, json: unknown): Promise<void> {
  const { disabled } = strict(keyStateSchema, json, 'state of an access key')
  await proxy.primary.updateCredentials((now) => withKeyState(now, id, disabled))
}

/** @throws AisError `ErrNotFound` */
export async function deleteKey(proxy: ProxyNode, id: string): Promise<void> {
  await proxy.primary.updateCredentials((now) => withoutKey(now, id))
}
