import { tokenDigest } from '../cluster/revoked-tokens.ts'
import { AisError } from '../errors/ais-error.ts'
import type { HeaderBlock } from '../ports/call.ts'
import type { NodeContext } from './node-context.ts'

/** RFC 9110, 11.1: the name of a scheme is written in any case. */
const bearer = /^bearer +(\S+) *$/i

/**
 * Nobody comes in with a token that was revoked, whether or not the cluster asks for one.
 * @throws AisError `ErrUnauthorized`; the token itself is not in the message
 */
export function checkRevoked(headers: HeaderBlock, { metadata, platform }: NodeContext): void {
  const { expiryMs } = metadata.revoked()
  if (expiryMs.size === 0) return
  const [, token] = bearer.exec(headers.get('authorization') ?? '') ?? []
  if (token === undefined || !expiryMs.has(tokenDigest(platform.crypto, token))) return
  throw new AisError('ErrUnauthorized', 'invalid token: it was revoked')
}
