/** Counters of one node under upstream's metric names (`get.n`, `put.ns.total`, `err.get.n`, ...). */
export interface Stats {
  /** Adds `delta` (1 by default) to the counter. */
  add(name: string, delta?: number): void
  get(name: string): number
  /** All counters that are not zero, by name. */
  snapshot(): Record<string, number>
  /** Zeroes all, or only `err.*`. */
  reset(errorsOnly: boolean): void
}

/** Plain numbers: a count stays exact to 2^53. */
export function createStats(): Stats {
  const counters = new Map<string, number>()
  return {
    add(name, delta = 1) {
      counters.set(name, (counters.get(name) ?? 0) + delta)
    },
    get: (name) => counters.get(name) ?? 0,
    snapshot() {
      const sorted = [...counters]
        .filter(([, value]) => value !== 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
      return Object.fromEntries(sorted)
    },
    reset(errorsOnly) {
      for (const name of [...counters.keys()]) {
        if (!errorsOnly || name.startsWith('err.')) counters.delete(name)
      }
    },
  }
}

export type MetricKind =
  | 'counter'
  | 'latency'
  | 'size'
  | 'total'
  | 'gauge'
  | 'bw'
  | 'compbw'
  | 'special'

const operations = ['get', 'put', 'head', 'append', 'del', 'ren', 'lst'] as const

function operationMetrics(): [string, MetricKind][] {
  return operations.flatMap((op): [string, MetricKind][] => [
    [`${op}.n`, 'counter'],
    [`err.${op}.n`, 'counter'],
    [`${op}.ns`, 'latency'],
    [`${op}.ns.total`, 'total'],
  ])
}

/** Metric name to kind, as `what=metrics` lists them. @see AIStore stats/common.go */
export const metricKinds: Readonly<Record<string, MetricKind>> = Object.fromEntries([
  ...operationMetrics(),
  ['get.size', 'size'],
  ['put.size', 'size'],
  ['get.bps', 'bw'],
  ['put.bps', 'bw'],
  ['get.redir.ns', 'latency'],
  ['put.redir.ns', 'latency'],
  ['kalive.ns', 'latency'],
  ['err.kalive.n', 'counter'],
  ['err.http.write.n', 'counter'],
  ['err.put.cksum.n', 'counter'],
  ['err.io.get.n', 'counter'],
  ['err.io.put.n', 'counter'],
  ['err.io.del.n', 'counter'],
  ['ver.change.n', 'counter'],
  ['ver.change.size', 'size'],
  ['stream.in.n', 'counter'],
  ['stream.in.size', 'size'],
  ['stream.out.n', 'counter'],
  ['stream.out.size', 'size'],
  ['scrub.n', 'counter'],
  ['scrub.size', 'size'],
  ['err.scrub.n', 'counter'],
  ['cleanup.store.n', 'counter'],
  ['up.ns.time', 'special'],
  ['state.flags', 'gauge'],
])
