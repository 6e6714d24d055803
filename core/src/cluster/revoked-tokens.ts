import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import type { Crypto } from '../ports/crypto.ts'
import { describeIssue } from '../wire/strict.ts'
import { wireVersion } from '../wire/version.ts'

/**
 * Tokens that are good no more although they have not expired. The document holds digests: who reads it learns no token.
 * Immutable; replicated and versioned as the BMD is.
 */
export interface RevokedTokens {
  readonly version: number
  /** When each expires by itself and is forgotten, ms since 1970, by its digest. */
  readonly expiryMs: ReadonlyMap<string, number>
}

/** A token as the document knows it. */
export interface RevokedToken {
  /** As of `tokenDigest`. */
  readonly digest: string
  readonly expiryMs: number
}

/** Of a cluster that never revoked one; what states of older programs hold. */
export const noRevokedTokens: RevokedTokens = Object.freeze({ version: 0, expiryMs: new Map() })

/** Most that the document holds at a time: it travels and rests as a whole. */
export const revokedTokensMax = 20_000

const documentSchema = z.object({
  version: wireVersion,
  tokens: z.record(z.string().regex(/^[0-9a-f]{64}$/), z.int().nonnegative()),
})

/** @throws AisError `ErrBadRequest` naming the field */
export function parseRevokedTokens(json: unknown): RevokedTokens {
  const result = documentSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid revoked tokens: ${describeIssue(result.error)}`)
  }
  const { version, tokens } = result.data
  return { version, expiryMs: new Map(Object.entries(tokens)) }
}

export function revokedTokensToJson({ version, expiryMs }: RevokedTokens): Record<string, unknown> {
  return { version: String(version), tokens: expiryMs }
}

/** What stands for a token: 64 hex digits of its SHA-256. */
export function tokenDigest(crypto: Pick<Crypto, 'sha256Hex'>, token: string): string {
  return crypto.sha256Hex(token)
}

/**
 * What is in force once `tokens` are revoked: without those that have expired at `nowMs`. `undefined`: nothing changes.
 * @throws AisError `ErrBadRequest` too many
 */
export function withRevoked(
  revoked: RevokedTokens,
  tokens: readonly RevokedToken[],
  nowMs: number,
): RevokedTokens | undefined {
  const news = tokens.filter(
    ({ digest, expiryMs }) => expiryMs > nowMs && !revoked.expiryMs.has(digest),
  )
  if (news.length === 0) return undefined
  const kept = [...revoked.expiryMs].filter(([, expiryMs]) => expiryMs > nowMs)
  const added = news.map(({ digest, expiryMs }): [string, number] => [digest, expiryMs])
  const expiryMs = new Map([...kept, ...added])
  if (expiryMs.size > revokedTokensMax) {
    throw new AisError(
      'ErrBadRequest',
      `"tokens": no more than ${revokedTokensMax} tokens are revoked at a time`,
    )
  }
  return { version: revoked.version + 1, expiryMs }
}
