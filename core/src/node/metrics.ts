import { AisError } from '../errors/ais-error.ts'
import type { Call, Reply } from '../ports/call.ts'
import type { NodeContext } from './node-context.ts'
import { uptimeNs } from './node-info.ts'
import { metricKinds } from './stats.ts'

/** `get.n` -> `get_count`, `put.size` -> `put_bytes`, `get.ns.total` -> `get_ns_total`. @see AIStore stats/target_stats.go */
function prometheusName(role: string, metric: string): string {
  const named = metric
    .replace(/\.n$/, '.count')
    .replace(/\.size$/, '.bytes')
    .replaceAll('.', '_')
  return `ais_${role}_${named}`
}

/** Kinds that are not sums over time. */
const gauges = new Set(['gauge', 'bw', 'compbw'])

/** The node's counters in the Prometheus text format 0.0.4. */
export function metricsText(node: NodeContext): string {
  const { daemonId, daemonType } = node.self()
  const label = `{node_id="${daemonId.replaceAll('.', '_')}"}`
  const lines: string[] = []
  const add = (name: string, type: string, value: number) => {
    lines.push(`# TYPE ${name} ${type}`, `${name}${label} ${value}`)
  }
  for (const [metric, kind] of Object.entries(metricKinds)) {
    if (metric === 'up.ns.time') continue
    const type = gauges.has(kind) ? 'gauge' : 'counter'
    add(prometheusName(daemonType, metric), type, node.stats.get(metric))
  }
  add(`ais_${daemonType}_uptime`, 'gauge', Number(uptimeNs(node)) / 1e9)
  return `${lines.join('\n')}\n`
}

/** `GET /metrics` of any node, on every network. */
export function metricsReply(call: Call, node: NodeContext): Reply {
  if (call.method !== 'GET') {
    throw new AisError('ErrMethodNotAllowed', `${call.method} is not allowed for /metrics`)
  }
  return {
    status: 200,
    headers: [['Content-Type', 'text/plain; version=0.0.4; charset=utf-8']],
    body: { kind: 'bytes', bytes: metricsText(node) },
  }
}
