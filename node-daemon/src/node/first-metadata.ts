import { shortId } from '@aistore-ts/core/algorithms/short-id.ts'
import { emptyBmd } from '@aistore-ts/core/bucket/bmd.ts'
import type { MetadataBundle } from '@aistore-ts/core/cluster/metadata.ts'
import { emptySmap, withNode, withPrimary } from '@aistore-ts/core/cluster/smap.ts'
import { type Snode, snodeFlags } from '@aistore-ts/core/cluster/snode.ts'
import type { ClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'

/**
 * What the gateway that starts a cluster puts into force: the metadata of a new cluster, or what it kept with its
 * present addresses in the map.
 */
export function firstMetadata(
  kept: MetadataBundle,
  config: ClusterConfig,
  self: Snode,
  { random, clock }: Platform,
): MetadataBundle {
  const primary: Snode = { ...self, flags: self.flags | snodeFlags.ic }
  if (kept.smap !== undefined) {
    return { smap: withPrimary(withNode(kept.smap, primary), self.daemonId, 0) }
  }
  const uuid = shortId(random)
  const creationTime = new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ')
  const first = withPrimary(withNode(emptySmap(), primary), self.daemonId, 0)
  return {
    smap: { ...first, uuid, creationTime },
    bmd: kept.bmd === undefined ? { ...emptyBmd(shortId(random)), version: 1 } : undefined,
    config: kept.config === undefined ? { ...config, uuid, config_version: 1 } : undefined,
  }
}
