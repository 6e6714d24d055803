import { AisError } from '../errors/ais-error.ts'
import type { NodeContext } from '../node/node-context.ts'

const purpose = 'ais-edge-root-v1'

/** The cluster's Ed25519 keys, which its documents for edges are signed with. */
export interface EdgeRoot {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/**
 * Derived from the key-encryption key and the cluster's ID: the same at every gateway, kept nowhere, new with the former.
 * @throws AisError `ErrNotReady` this node has no key-encryption key
 */
export function edgeRoot({
  keyRing,
  platform,
}: Pick<NodeContext, 'keyRing' | 'platform'>): EdgeRoot {
  const privateKey = keyRing.derived(purpose)
  if (privateKey === undefined) {
    throw new AisError(
      'ErrNotReady',
      'this node has no key-encryption key to vouch for documents with',
    )
  }
  return { privateKey, publicKey: platform.crypto.ed25519Public(privateKey) }
}
