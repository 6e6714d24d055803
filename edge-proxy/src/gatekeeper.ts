import { usableKey } from '@aistore-ts/core/cluster/credentials.ts'
import type { EdgeCredentials } from '@aistore-ts/core/edge/edge-credentials.ts'
import type { Gatekeeper } from '@aistore-ts/core/s3/auth/authorize-call.ts'
import { createSigningKeys } from '@aistore-ts/core/s3/auth/signing-keys.ts'
import type { VerifyingCrypto } from '@aistore-ts/core/s3/auth/verify-signature.ts'

/**
 * Who decides as a gateway of the cluster would, by what an edge was told. Keys that were not told to it are unknown.
 * @param nowMs cluster time, ms since the Unix epoch
 */
export function gatekeeperOf(
  { auth, clusterUuid, credentials, dateKeys }: EdgeCredentials,
  crypto: VerifyingCrypto,
  nowMs: () => number,
): Gatekeeper {
  return {
    metadata: {
      smap: () => ({ uuid: clusterUuid }),
      credentials: () => credentials,
      config: () => ({ auth }),
    },
    platform: { clock: { now: nowMs }, crypto },
    keyRing: {
      find: (keyId) => usableKey(credentials, keyId, nowMs()),
      signingKeys: createSigningKeys(crypto, ({ id }, day) => dateKeys.get(id)?.get(day)),
    },
  }
}
