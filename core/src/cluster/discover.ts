import type { Peers } from './control/peers.ts'

/** How long a gateway that may start a cluster looks for one that is there, ms. */
const discoveryMs = 1_000

/**
 * Whether one of the gateways at `urls` belongs to a cluster already. Asked by a gateway without a past before it
 * starts a cluster of its own: its folder may have been lost while the cluster went on without it.
 */
export async function findCluster(
  peers: Pick<Peers, 'clusterAt'>,
  urls: readonly string[],
): Promise<string | undefined> {
  const found = await Promise.allSettled(
    urls.map(async (url) => ((await peers.clusterAt(url, discoveryMs)) === '' ? undefined : url)),
  )
  for (const answer of found) if (answer.status === 'fulfilled' && answer.value) return answer.value
  return undefined
}
