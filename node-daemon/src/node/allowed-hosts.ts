import type { Metadata } from '@aistore-ts/core/cluster/metadata.ts'
import type { Snode } from '@aistore-ts/core/cluster/snode.ts'

/**
 * The names that calls may have in `Host`: the node's own on its three networks, and those of `net.allowed_hosts`.
 * Asked by every call: the set is made anew only when the configuration changed.
 */
export function createAllowedHosts(self: Snode, metadata: Metadata): () => ReadonlySet<string> {
  const own = [self.publicNet, self.controlNet, self.dataNet].map((net) => net.hostname)
  const namesNow = () => new Set([...own, ...metadata.config().net.allowed_hosts])
  let config = metadata.config()
  let names = namesNow()
  return () => {
    if (config !== metadata.config()) {
      config = metadata.config()
      names = namesNow()
    }
    return names
  }
}
