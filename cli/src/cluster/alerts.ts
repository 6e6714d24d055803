/** Names of the node state bits. @see AIStore cmn/cos/node_state.go */
const names: readonly string[] = [
  'vote-in-progress',
  '',
  '',
  'rebalancing',
  'rebalance-interrupted',
  'resilvering',
  'resilver-interrupted',
  'restarted',
  'OOS',
  'OOM',
  'in-maintenance-mode',
  'low-usable-capacity',
  'low-memory',
  'disk-fault',
  'number-of-goroutines',
  'high-number-of-goroutines',
  'tls-cert-will-soon-expire',
  'tls-cert-expired',
  'tls-cert-invalid',
  'keep-alive-errors',
  'out-of-cpu',
  'low-cpu',
  'disk-OOS',
  'disk-low-capacity',
]

const clusterStarted = 2
const nodeStarted = 4

/** What is out of the ordinary at a node; empty when all is well. */
export function alertNames(flags: number): readonly string[] {
  const alerts = names.filter((name, bit) => name !== '' && (flags & (1 << bit)) !== 0)
  if ((flags & clusterStarted) === 0) alerts.push('cluster-not-started-yet')
  if ((flags & nodeStarted) === 0) alerts.push('node-not-started-yet')
  return alerts
}

/** `ok`, a single name, or several in brackets. */
export function alertText(alerts: readonly string[]): string {
  if (alerts.length === 0) return 'ok'
  return alerts.length === 1 ? (alerts[0] ?? '') : `[${alerts.join(' ')}]`
}
