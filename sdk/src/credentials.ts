import type { Connection } from './connection.ts'
import { type Fields, isFields, parseJson, textOf, undecodable } from './decode.ts'

/** A user who may hold access keys. */
export interface CredentialsUser {
  readonly id: string
  /** What S3 calls the ID of an owner. */
  readonly canonicalId: string
  readonly displayName: string
  readonly email: string
  /** RFC 3339. */
  readonly created: string
  /** Claims `admin`, `clusters` and `buckets`. */
  readonly permissions: Fields
}

export interface NewUser {
  readonly id: string
  readonly displayName?: string | undefined
  readonly email?: string | undefined
  /** Claims; absent: all to objects and buckets. */
  readonly permissions?: Fields | undefined
}

/** An access key without its secret. */
export interface AccessKeyInfo {
  readonly accessKey: string
  readonly user: string
  readonly created: string
  /** RFC 3339; empty: never. */
  readonly expires: string
  readonly disabled: boolean
}

/** What is told once, when a key is made. */
export interface NewAccessKey extends AccessKeyInfo {
  readonly secretKey: string
}

export interface KeyOptions {
  /** A pair of one's own; otherwise one is drawn. */
  readonly pair?: { readonly accessKey: string; readonly secretKey: string } | undefined
  /** RFC 3339. */
  readonly expires?: string | undefined
}

/** A gateway at the edge, in no map. */
export interface EdgeInfo {
  readonly id: string
  /** X25519, base64. */
  readonly publicKey: string
  /** `ro`: reads alone. */
  readonly access: string
  /** Buckets that it may vouch for; none: all. */
  readonly buckets: readonly string[]
  /** Where clients find it; empty: not told. */
  readonly url: string
  readonly created: string
}

export interface NewEdge extends Pick<EdgeInfo, 'id' | 'publicKey'> {
  /** `ro` when absent. */
  readonly access?: string | undefined
  readonly buckets?: readonly string[] | undefined
  readonly url?: string | undefined
}

function edgeOf(json: unknown): EdgeInfo {
  if (!isFields(json)) throw undecodable('edge')
  return {
    id: textOf(json.id),
    publicKey: textOf(json.public_key),
    access: textOf(json.access),
    buckets: Array.isArray(json.buckets) ? json.buckets.map(textOf) : [],
    url: textOf(json.url),
    created: textOf(json.created),
  }
}

function userOf(json: unknown): CredentialsUser {
  if (!isFields(json) || !isFields(json.permissions)) throw undecodable('user')
  return {
    id: textOf(json.id),
    canonicalId: textOf(json.canonical_id),
    displayName: textOf(json.display_name),
    email: textOf(json.email),
    created: textOf(json.created),
    permissions: json.permissions,
  }
}

function keyOf(json: unknown): AccessKeyInfo {
  if (!isFields(json)) throw undecodable('access key')
  return {
    accessKey: textOf(json.access_key),
    user: textOf(json.user),
    created: textOf(json.created),
    expires: textOf(json.expires),
    disabled: json.disabled === true,
  }
}

/** Users and access keys of S3. */
export class Credentials {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async #list(path: string, query: readonly (readonly [string, string])[]): Promise<unknown[]> {
    const text = await this.#connection.text({ method: 'GET', path: `credentials/${path}`, query })
    const json = parseJson(text, path)
    if (!Array.isArray(json)) throw undecodable(path)
    return json
  }

  async #post(path: string, json: Fields): Promise<unknown> {
    const call = { method: 'POST', path: `credentials/${path}`, json } as const
    return parseJson(await this.#connection.text(call), path)
  }

  async users(): Promise<readonly CredentialsUser[]> {
    return (await this.#list('users', [])).map(userOf)
  }

  /** @throws AisClientError 409 when there is one */
  async createUser({ id, displayName, email, permissions }: NewUser): Promise<CredentialsUser> {
    return userOf(await this.#post('users', { id, display_name: displayName, email, permissions }))
  }

  /** The user's keys go as well. */
  async deleteUser(id: string): Promise<void> {
    const path = `credentials/users/${encodeURIComponent(id)}`
    await this.#connection.text({ method: 'DELETE', path })
  }

  async edges(): Promise<readonly EdgeInfo[]> {
    return (await this.#list('edges', [])).map(edgeOf)
  }

  /** @returns the public key that the edge checks the cluster's documents with, base64 */
  async createEdge({ publicKey, ...edge }: NewEdge): Promise<string> {
    const json = await this.#post('edges', { ...edge, public_key: publicKey })
    if (!isFields(json)) throw undecodable('edge')
    return textOf(json.root)
  }

  /** What it vouched for counts no longer. */
  async deleteEdge(id: string): Promise<void> {
    const path = `credentials/edges/${encodeURIComponent(id)}`
    await this.#connection.text({ method: 'DELETE', path })
  }

  /** @param user only the keys of this one */
  async keys(user?: string): Promise<readonly AccessKeyInfo[]> {
    return (await this.#list('keys', user === undefined ? [] : [['user', user]])).map(keyOf)
  }

  /** The answer is the only place where the secret is ever shown. */
  async createKey(user: string, { pair, expires }: KeyOptions = {}): Promise<NewAccessKey> {
    const json = await this.#post('keys', {
      user,
      access_key: pair?.accessKey,
      secret_key: pair?.secretKey,
      expires,
    })
    if (!isFields(json)) throw undecodable('access key')
    return { ...keyOf(json), secretKey: textOf(json.secret_key) }
  }

  /** A key that is disabled opens nothing, until it is enabled again. */
  async setKeyDisabled(accessKey: string, disabled: boolean): Promise<void> {
    const path = `credentials/keys/${encodeURIComponent(accessKey)}`
    await this.#connection.text({ method: 'PATCH', path, json: { disabled } })
  }

  async deleteKey(accessKey: string): Promise<void> {
    const path = `credentials/keys/${encodeURIComponent(accessKey)}`
    await this.#connection.text({ method: 'DELETE', path })
  }
}
