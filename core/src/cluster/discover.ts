import type { Clock } from '../ports/clock.ts'
import type { Peers } from './control/peers.ts'

/** How long a gateway that may start a cluster looks for one that is there, ms: nodes that start together differ by less. */
const discoveryMs = 3_000
/** Pause between two questions to a gateway that does not answer, ms. */
const againMs = 100

/** ID of the cluster that the gateway at `url` belongs to; empty: to none, or it did not answer in time. */
async function clusterAt(
  peers: Pick<Peers, 'clusterAt'>,
  clock: Clock,
  url: string,
): Promise<string> {
  const deadline = clock.monotonic() + discoveryMs
  for (;;) {
    const left = deadline - clock.monotonic()
    if (left <= 0) return ''
    try {
      return await peers.clusterAt(url, left)
    } catch {
      await clock.sleep(Math.min(againMs, left))
    }
  }
}

/**
 * Which of the gateways at `urls` belongs to a cluster already. Asked by a gateway without a past before it starts a
 * cluster of its own: its folder may have been lost while the cluster went on without it.
 */
export async function findCluster(
  peers: Pick<Peers, 'clusterAt'>,
  clock: Clock,
  urls: readonly string[],
): Promise<string | undefined> {
  const found = await Promise.all(urls.map((url) => clusterAt(peers, clock, url)))
  return urls.find((_, at) => found[at] !== '')
}
