import { toBase64Url } from '@aistore-ts/core/algorithms/base64.ts'
import { utf8Encode } from '@aistore-ts/core/algorithms/utf8.ts'
import type { ClusterState } from '@aistore-ts/core/cluster/control/cluster-state.ts'
import { compareStamps } from '@aistore-ts/core/cluster/control/cluster-state.ts'
import { tokenDigest } from '@aistore-ts/core/cluster/revoked-tokens.ts'
import { stringifyJson } from '@aistore-ts/core/wire/json.ts'
import type { Cluster } from './cluster.ts'
import { SimFailure } from './failure.ts'
import { quickCrypto } from './quick-crypto.ts'

/** How far the life of a user, the user's access key and the user's token has come. */
const stages = ['nobody', 'user', 'key', 'disabled', 'enabled', 'no key', 'revoked'] as const
type Stage = (typeof stages)[number]

interface Expectation {
  readonly id: string
  readonly stage: Stage
  /** For good: no later step makes a token good again. */
  readonly isRevoked: boolean
  /** A call is under way. */
  readonly open: boolean
  readonly generation: number
}

/** Time a client waits for an answer, ms. */
const patienceMs = 15_000

/**
 * Users and access keys made, disabled, enabled and deleted through any gateway, one call after the other for each. What
 * was acknowledged is in every state that is in force from then on: a key that was disabled or deleted stays so, and so does
 * a token that was revoked.
 */
export class CredentialsWorkload {
  acknowledged = 0
  readonly #cluster: Cluster
  readonly #expected = new Map<number, Expectation>()
  #checked: ClusterState | undefined

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** The next step in the life of user `key`. After a call whose end is not known another user takes the place. */
  async step(key: number, gateway: number): Promise<void> {
    const now = this.#expected.get(key) ?? blank(key, 0)
    if (now.open) return
    this.#expected.set(key, { ...now, open: true })
    const stage = stages[(stages.indexOf(now.stage) + 1) % stages.length] ?? 'nobody'
    const isDone = await this.#advance(now.id, stage, gateway)
    this.#checked = undefined
    if (isDone) this.acknowledged += 1
    const isRevoked = now.isRevoked || stage === 'revoked'
    const next = isDone ? { ...now, stage, isRevoked } : blank(key, now.generation + 1)
    this.#expected.set(key, next)
  }

  /** @throws SimFailure when something acknowledged is not in the newest state in force */
  check(): void {
    const { newest } = this.#cluster.checker
    if (newest === undefined || newest === this.#checked) return
    if (this.#checked && compareStamps(newest.stamp, this.#checked.stamp) < 0) return
    this.#checked = newest
    const { credentials, revoked } = newest
    const { users, keys } = credentials
    for (const expected of this.#expected.values()) {
      const { id, stage, open } = expected
      if (open) continue
      const key = keys.get(keyOf(id))
      const found: Found = {
        user: users.has(id),
        key: key && (key.disabled ? 'disabled' : 'good'),
        isRevoked: revoked.expiryMs.has(tokenDigest(quickCrypto, tokenOf(id))),
      }
      const wanted = wantedOf(expected)
      if (textOf(found) === textOf(wanted)) continue
      throw new SimFailure(
        'lost-metadata',
        `user ${id}: acknowledged ${stage}, is ${textOf(found)}`,
      )
    }
  }

  async #advance(id: string, stage: Stage, gateway: number): Promise<boolean> {
    const key = `/v1/credentials/keys/${keyOf(id)}`
    switch (stage) {
      case 'user':
        return this.#ask(gateway, 'POST', '/v1/credentials/users', { id })
      case 'key': {
        const pair = { user: id, access_key: keyOf(id), secret_key: `secret-of-${id}` }
        return this.#ask(gateway, 'POST', '/v1/credentials/keys', pair)
      }
      case 'disabled':
      case 'enabled':
        return this.#ask(gateway, 'PATCH', key, { disabled: stage === 'disabled' })
      case 'no key':
        return this.#ask(gateway, 'DELETE', key)
      case 'revoked':
        return this.#ask(gateway, 'DELETE', '/v1/tokens', { tokens: [tokenOf(id)] })
      case 'nobody':
        return this.#ask(gateway, 'DELETE', `/v1/credentials/users/${id}`)
    }
  }

  async #ask(gateway: number, method: string, target: string, message?: object): Promise<boolean> {
    const { network, client, gateways } = this.#cluster
    const url = this.#cluster.publicUrl(gateways[gateway % gateways.length] ?? '')
    const body = message && stringifyJson(message)
    try {
      return (await network.call(client, url, { method, target, body }, patienceMs)).status === 200
    } catch {
      return false
    }
  }
}

interface Found {
  readonly user: boolean
  readonly key: 'disabled' | 'good' | undefined
  readonly isRevoked: boolean
}

function wantedOf({ stage, isRevoked }: Expectation): Found {
  if (stage === 'nobody') return { user: false, key: undefined, isRevoked }
  const isWithKey = stage === 'key' || stage === 'disabled' || stage === 'enabled'
  if (!isWithKey) return { user: true, key: undefined, isRevoked }
  return { user: true, key: stage === 'disabled' ? 'disabled' : 'good', isRevoked }
}

function textOf({ user, key, isRevoked }: Found): string {
  const token = isRevoked ? 'token revoked' : 'token good'
  return user ? `there, key ${key ?? 'absent'}, ${token}` : `absent, ${token}`
}

/** A token of user `id` that does not expire within a simulation. */
function tokenOf(id: string): string {
  const part = (json: object) => toBase64Url(utf8Encode(stringifyJson(json)))
  return `${part({ alg: 'none' })}.${part({ sub: id, exp: 10_000_000_000 })}.`
}

const keyOf = (id: string) => `key-${id}`

function blank(key: number, generation: number): Expectation {
  return { id: `u${key}-${generation}`, stage: 'nobody', isRevoked: false, open: false, generation }
}
