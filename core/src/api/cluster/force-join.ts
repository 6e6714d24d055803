import { findCandidate } from '../../cluster/hand-over.ts'
import { offerOf } from '../../cluster/offer.ts'
import { isRebalancing } from '../../cluster/rmd.ts'
import { allNodes, findNode, type OtherCluster, primaryOf, type Smap } from '../../cluster/smap.ts'
import { isActive, type Snode } from '../../cluster/snode.ts'
import { AisError } from '../../errors/ais-error.ts'
import { nodeName } from '../../node/node-name.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'

/** Time a node, or the other primary, has to answer, ms. */
const askMs = 5_000
/** Time for all nodes to go over, ms: then the caller hears that it goes on. */
const patienceMs = 30_000

function refuse(why: string): never {
  throw new AisError('ErrBadRequest', `force-join: ${why}`)
}

async function readWinner({ peers }: ProxyNode, url: string): Promise<Smap> {
  if (!/^https?:\/\/[^/]+$/.test(url))
    refuse(`"can": expected the URL of a gateway (have "${url}")`)
  return peers.smapAt(url, askMs).catch((error: unknown) => {
    throw new AisError('ErrBadRequest', `force-join: no cluster answers at ${url}`, {
      cause: error,
    })
  })
}

/** Who would be two in one map. */
function findTwin(own: Smap, winner: Smap): Snode | undefined {
  const urls = new Set(allNodes(winner).map(({ publicNet }) => publicNet.url))
  return allNodes(own).find(
    ({ daemonId, publicNet }) =>
      findNode(winner, daemonId) !== undefined || urls.has(publicNet.url),
  )
}

/** Everything that can be known before anything is done. @throws AisError `ErrBadRequest`, `ErrBusy`, or as the winner says */
async function check(proxy: ProxyNode, id: string, winner: Smap): Promise<OtherCluster> {
  const { control, metadata, peers } = proxy
  const own = metadata.smap()
  const head = primaryOf(winner)
  if (winner.uuid === own.uuid) refuse(`cluster "${winner.uuid}" is this one`)
  if (winner.uuid === '' || head === undefined) refuse('the other cluster has no primary')
  if (head.daemonId !== id) refuse(`${nodeName(head)} is the primary there, not p[${id}]`)
  findCandidate(winner, id)
  const twin = findTwin(own, winner)
  if (twin) refuse(`the other cluster has ${nodeName(twin)}, or its address, as well`)
  if (isRebalancing(metadata.rmd())) throw new AisError('ErrBusy', 'a rebalance is under way')
  const to = { uuid: winner.uuid, urls: [...winner.proxies.values()].map((p) => p.publicNet.url) }
  await Promise.all(
    allNodes(own)
      .filter(isActive)
      .map((node) =>
        peers.order(node, 'primary-force', { cluster: to.uuid, urls: to.urls }, askMs),
      ),
  )
  await peers.absorb(head.controlNet.url, offerOf(control.state().committed, true), askMs)
  return to
}

/**
 * This cluster gives itself up for the one that `id` leads, found at `url`: its nodes go over, its buckets and objects come
 * along, its users, keys and settings do not. Resolves when this node has gone.
 * @throws AisError `ErrBadRequest`, `ErrAlreadyExists`, `ErrBusy` before anything is done, or when the winner refuses after
 * all, which takes it back; `ErrNotReady` when it takes long: it goes on
 */
export async function forceJoin(proxy: ProxyNode, id: string, url: string): Promise<void> {
  const { control, metadata, platform, primary } = proxy
  const { clock } = platform
  const winner = await readWinner(proxy, url)
  const { uuid } = metadata.smap()
  const to = await check(proxy, id, winner)
  await primary.updateSmap((smap) => ({ ...smap, absorbedBy: to }))
  const deadline = clock.monotonic() + patienceMs
  while (metadata.smap().uuid === uuid || findNode(metadata.smap(), id) === undefined) {
    if (metadata.smap().uuid === uuid && metadata.smap().absorbedBy === undefined) {
      throw new AisError('ErrBusy', `cluster "${to.uuid}" has not taken this one in`)
    }
    const left = deadline - clock.monotonic()
    if (left <= 0) throw new AisError('ErrNotReady', `joining cluster "${to.uuid}" takes long`)
    await control.change(left)
  }
}
