import { activeProxies, type Smap } from '../smap.ts'
import { isElectable, isIc, type Snode, snodeFlags, withFlags } from '../snode.ts'

/** Gateways that keep the table of jobs. @see AIStore ais/ic.go */
export const icMembersMax = 3

/**
 * `smap` with its information center staffed: the primary, those that are members already, then others, up to three;
 * a gateway that may not lead is never one. The same map when nothing has to change.
 */
export function staffIc(smap: Smap): Smap {
  const able = activeProxies(smap).filter(isElectable)
  const rank = (node: Snode) => (node.daemonId === smap.primaryId ? 0 : isIc(node) ? 1 : 2)
  const chosen = new Set(
    able
      .toSorted((a, b) => rank(a) - rank(b) || (a.daemonId < b.daemonId ? -1 : 1))
      .slice(0, icMembersMax)
      .map(({ daemonId }) => daemonId),
  )
  let changed = false
  const proxies = new Map(smap.proxies)
  for (const [id, node] of smap.proxies) {
    if (isIc(node) === chosen.has(id)) continue
    changed = true
    const { ic } = snodeFlags
    proxies.set(id, chosen.has(id) ? withFlags(node, ic) : withFlags(node, 0, ic))
  }
  return changed ? { ...smap, proxies } : smap
}
