import type { ClusterTime } from '../cluster/cluster-time.ts'
import type { Metadata } from '../cluster/metadata.ts'
import type { Snode } from '../cluster/snode.ts'
import { requiresTags, rotationGraceMs } from '../config/redirect-auth.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { Platform } from '../ports/platform.ts'
import type { ExchangeKeys } from './exchange-key.ts'
import { createPairKeys } from './pair-keys.ts'
import { createRedirectSigner } from './redirect-signer.ts'

/** What a node's redirects are made and checked with. */
export function createRedirectParts(parts: {
  readonly platform: Platform
  readonly metadata: Metadata
  readonly time: ClusterTime
  readonly own: ExchangeKeys
  self(): Snode
}): Pick<NodeContext, 'pairKeys' | 'redirectSigner'> {
  const { platform, metadata, time, own, self } = parts
  const { crypto, clock, random } = platform
  const auth = () => metadata.config().auth
  const pairKeys = createPairKeys({
    crypto,
    own,
    ownId: self().daemonId,
    clusterUuid: () => metadata.smap().uuid,
    monotonic: clock.monotonic,
    graceMs: () => rotationGraceMs(auth()),
  })
  const tags = () => requiresTags(auth())
  return {
    pairKeys,
    redirectSigner: createRedirectSigner({ crypto, time, random, metadata, pairKeys, self, tags }),
  }
}
