import { AisError } from '../errors/ais-error.ts'
import type { Peers } from './control/peers.ts'
import { allNodes, type Smap } from './smap.ts'
import type { Snode } from './snode.ts'

/** Whether the map says of a node what the node says of itself. */
export function sameEndpoints(a: Snode, b: Snode): boolean {
  return (
    a.publicNet.url === b.publicNet.url &&
    a.controlNet.url === b.controlNet.url &&
    a.dataNet.url === b.dataNet.url
  )
}

/**
 * A node that comes back at another address is welcome as long as nobody answers to its name at the old one.
 * @param known what the map has of it
 * @throws AisError `ErrAlreadyExists`
 */
export async function refuseTwin(
  peers: Pick<Peers, 'identify'>,
  known: Snode,
  snode: Snode,
  timeoutMs: number,
): Promise<void> {
  if (known.daemonType !== snode.daemonType) {
    throw new AisError(
      'ErrAlreadyExists',
      `node ${snode.daemonId} is a ${known.daemonType}, not a ${snode.daemonType}`,
    )
  }
  if (known.controlNet.url === snode.controlNet.url) return
  const there = await peers.identify(known.controlNet.url, timeoutMs).catch(() => '')
  if (there !== snode.daemonId) return
  throw new AisError(
    'ErrAlreadyExists',
    `duplicate node ID "${snode.daemonId}": it is at ${known.publicNet.url} already, and now at ${snode.publicNet.url}`,
  )
}

/**
 * A public address is one node's. One that the map has, but that its node left, is free: after a restart on other
 * ports one node may stand where another one stood.
 * @throws AisError `ErrAlreadyExists`
 */
export async function refuseTakenAddress(
  peers: Pick<Peers, 'identify' | 'urlOf'>,
  smap: Smap,
  snode: Snode,
  timeoutMs: number,
): Promise<void> {
  const { daemonId, publicNet } = snode
  const owner = allNodes(smap).find(
    (node) => node.publicNet.url === publicNet.url && node.daemonId !== daemonId,
  )
  if (owner === undefined || peers.urlOf(owner) !== owner.controlNet.url) return
  const there = await peers.identify(owner.controlNet.url, timeoutMs).catch(() => '')
  if (there !== owner.daemonId) return
  throw new AisError(
    'ErrAlreadyExists',
    `${publicNet.url} belongs to node ${owner.daemonId} already, ${daemonId} cannot have it`,
  )
}
