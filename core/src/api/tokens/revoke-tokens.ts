import { z } from 'zod'
import { fromBase64 } from '../../algorithms/base64.ts'
import { utf8Decode } from '../../algorithms/utf8.ts'
import { type RevokedToken, tokenDigest } from '../../cluster/revoked-tokens.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import { checkAdmin } from '../../node/check-admin.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import type { Crypto } from '../../ports/crypto.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import { isJsonObject, parseJson } from '../../wire/json.ts'
import { strict } from '../../wire/strict.ts'
import { wireVersion } from '../../wire/version.ts'

/** `version` is read and passed over: the primary numbers its documents. @see AIStore ais/prxauth.go, tokenList */
const tokenListSchema = z.strictObject({
  tokens: z.array(z.string()).min(1, 'no token is given'),
  version: wireVersion.optional(),
})

/** Claims of a JSON Web Token, which nobody has verified. RFC 7519, 7.2 */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [header, payload, signature, ...more] = token.split('.')
  if (!header || !payload || signature === undefined || more.length > 0) return undefined
  const bytes = fromBase64(payload)
  const text = bytes && utf8Decode(bytes)
  if (text === undefined) return undefined
  try {
    const claims = parseJson(text)
    return isJsonObject(claims) ? claims : undefined
  } catch {
    return undefined
  }
}

/**
 * A token to be revoked must say when it expires: that one is remembered until then, and AIStore takes no other.
 * @throws AisError `ErrBadRequest` naming the place in the list, never the token
 */
function revokedToken(crypto: Crypto, token: string, at: number): RevokedToken {
  const exp = claimsOf(token)?.exp
  if (typeof exp !== 'number' || !Number.isSafeInteger(Math.trunc(exp * 1_000)) || exp < 0) {
    throw new AisError(
      'ErrBadRequest',
      `"tokens.${at}": expecting a JSON Web Token with its time of expiry ("exp")`,
    )
  }
  return { digest: tokenDigest(crypto, token), expiryMs: Math.trunc(exp * 1_000) }
}

/** DELETE `/v1/tokens`: these tokens are good no more, at any gateway. Repeatable. */
export const revokeTokens = endpoint({
  resource: 'tokens',
  method: 'DELETE',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    checkAdmin(proxy)
    if (api.items.length > 0) {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    const text = utf8Decode(await readBody(api.call, limits.nameListBytesMax)) ?? ''
    const { tokens } = strict(tokenListSchema, parseJson(text), 'list of tokens')
    const revoked = tokens.map((token, at) => revokedToken(proxy.platform.crypto, token, at))
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, text)
    await proxy.primary.revoke(revoked)
    return emptyReply()
  },
})
