import { z } from 'zod'
import { formatGoDuration, goDuration } from '../wire/go-duration.ts'

const httpsUrl = z.string().refine((url) => /^https:\/\/[^/]+/.test(url), 'must be an https URL')

const signatureMethods = [
  'HMAC',
  'HS256',
  'HS384',
  'HS512',
  'RSA',
  'RS256',
  'RS384',
  'RS512',
] as const

/**
 * `auth` as it travels. Either `signature` or `oidc` says how tokens are checked; with
 * `client_auth_required` exactly one of them. @see AIStore cmn/config.go AuthConf
 */
export const authSchema = z
  .strictObject({
    client_auth_required: z.boolean().default(false),
    /** A token in `X-Amz-Security-Token` decides on S3, as upstream has it. Ours alone. */
    allow_s3_token_compat: z.boolean().optional(),
    /** Older name of `client_auth_required`. */
    enabled: z.boolean().optional(),
    signature: z
      .strictObject({ key: z.string().default(''), method: z.string().default('') })
      .refine(({ method }) => method === '' || isSignatureMethod(method), {
        path: ['method'],
        message: `must be one of ${signatureMethods.join(', ')}`,
      })
      .refine(({ key, method }) => key === '' || method !== '', {
        path: ['method'],
        message: 'is required when "key" is given',
      })
      .optional(),
    required_claims: z.strictObject({ aud: z.array(z.string()).default([]) }).optional(),
    oidc: z
      .strictObject({
        allowed_iss: z.array(httpsUrl).default([]),
        issuer_ca_bundle: z.string().optional(),
        jwks_cache: z
          .strictObject({
            min_rotation_refresh: goDuration
              .refine((ms) => ms >= 1_000, 'must be at least 1s')
              .optional(),
            min_background_refresh: goDuration
              .refine((ms) => ms >= 300_000, 'must be at least 5m')
              .optional(),
          })
          .optional(),
      })
      .optional(),
    intra_cluster: z
      .strictObject({
        node_join_secret_path: z.string().default(''),
        ttl: goDuration.refine((ms) => ms >= 0, 'must not be negative').optional(),
        nonce_window: goDuration
          .refine((ms) => ms > 0 && ms <= 600_000, 'expecting more than 0 and at most 10m')
          .optional(),
        rotation_grace: goDuration
          .refine((ms) => ms > 0 && ms <= 3_600_000, 'expecting more than 0 and at most 1h')
          .optional(),
        /** Redirects bear tags and targets ask for them; upstream's is off. */
        request_auth: z.boolean().default(true),
      })
      .optional(),
  })
  .transform(({ enabled, ...auth }) => ({
    ...auth,
    client_auth_required: auth.client_auth_required || (enabled ?? false),
  }))
  .refine(
    (auth) =>
      !auth.client_auth_required || (auth.signature === undefined) !== (auth.oidc === undefined),
    {
      message: '"client_auth_required" needs exactly one of "signature" and "oidc"',
    },
  )

export type AuthConfig = z.output<typeof authSchema>

function isSignatureMethod(method: string): boolean {
  return (signatureMethods as readonly string[]).includes(method.toUpperCase())
}

const optionalDuration = (ms: number | undefined) =>
  ms === undefined ? undefined : formatGoDuration(ms)

/** Wire shape; secrets as they are. */
export function authToJson(auth: AuthConfig): Record<string, unknown> {
  const { signature, required_claims, oidc, intra_cluster } = auth
  const cache = oidc?.jwks_cache
  return {
    signature,
    required_claims,
    oidc: oidc && {
      allowed_iss: oidc.allowed_iss,
      issuer_ca_bundle: oidc.issuer_ca_bundle,
      jwks_cache: cache && {
        min_rotation_refresh: optionalDuration(cache.min_rotation_refresh),
        min_background_refresh: optionalDuration(cache.min_background_refresh),
      },
    },
    intra_cluster: intra_cluster && {
      node_join_secret_path: intra_cluster.node_join_secret_path,
      ttl: optionalDuration(intra_cluster.ttl),
      nonce_window: optionalDuration(intra_cluster.nonce_window),
      rotation_grace: optionalDuration(intra_cluster.rotation_grace),
      request_auth: intra_cluster.request_auth,
    },
    client_auth_required: auth.client_auth_required,
    // Upstream's readers know no such name.
    allow_s3_token_compat: auth.allow_s3_token_compat ? true : undefined,
  }
}

/** Stands for a secret in everything that leaves a node. */
export const maskedSecret = '**********'

/** Without the key that signs tokens. A public (RSA) key is no secret. */
export function maskAuth(auth: AuthConfig): AuthConfig {
  const { signature } = auth
  if (signature === undefined || signature.key === '') return auth
  if (/^RS/i.test(signature.method)) return auth
  return { ...auth, signature: { ...signature, key: maskedSecret } }
}
