import { textOf } from '@aistore-ts/sdk/decode.ts'
import { formatDuration } from '../format/duration.ts'
import { formatSize, type Units } from '../format/size.ts'
import { table } from '../output/table.ts'
import { alertText } from './alerts.ts'
import type { NodeStatus } from './node-status.ts'
import { nodeLabel, type SmapView } from './smap.ts'

export interface NodeTableOptions {
  readonly units: Units
  readonly headings: boolean
  readonly showLoad: boolean
  /** Statuses of all nodes: they decide which columns say anything. */
  readonly all: readonly NodeStatus[]
}

/** The proxies or the targets of `show cluster`. */
export function nodeTable(
  type: 'proxy' | 'target',
  statuses: readonly NodeStatus[],
  smap: SmapView,
  options: NodeTableOptions,
): string {
  const { all } = options
  const target = type === 'target'
  const same =
    distinct(all, (s) => s.version).length <= 1 && distinct(all, (s) => s.buildTime).length <= 1
  const columns = [
    { title: target ? 'TARGET' : 'PROXY' },
    { title: 'MEM USED(%)' },
    { title: 'MEM AVAIL' },
    { title: 'CAP USED(%)', hide: !target },
    { title: 'CAP AVAIL', hide: !target },
    { title: 'SYS CPU(%)' },
    { title: 'THROTTLED(%)', hide: statuses.every((s) => s.cpuThrottledPercent === 0) },
    { title: 'LOAD AVERAGE', hide: !options.showLoad },
    { title: 'REBALANCE', hide: !target || all.every((s) => rebalanceText(s) === '-') },
    { title: 'UPTIME' },
    { title: 'K8s POD', hide: all.every((s) => s.pod === '') },
    { title: 'STATUS' },
    { title: 'VERSION', hide: same },
    { title: 'BUILD TIME', hide: same },
    { title: 'ALERT', hide: statuses.every((s) => s.alerts.length === 0) },
  ]
  const rows = statuses.map((status) => nodeRow(status, smap, options.units))
  return table(columns, rows, { headings: options.headings })
}

function nodeRow(s: NodeStatus, smap: SmapView, units: Units): readonly string[] {
  const label = nodeLabel(s.node, smap)
  if (s.status !== 'online') {
    const dashes = Array.from({ length: 9 }, () => '-')
    return [label, ...dashes, s.pod, s.status, s.version, s.buildTime, '-']
  }
  const capacity = availableBytes(s)
  const unknown = capacity === 0
  return [
    label,
    `${s.memUsedPercent.toFixed(2)}%`,
    formatSize(s.memAvailBytes, units),
    unknown ? 'n/a' : `${s.capacityPercent.avg}%`,
    unknown ? 'n/a' : formatSize(capacity, units, 3),
    s.cpuPercent === 0 && s.load.every((n) => n === 0) ? '-' : `${s.cpuPercent}%`,
    s.cpuThrottledPercent === 0 ? '-' : `${s.cpuThrottledPercent}%`,
    loadText(s),
    rebalanceText(s),
    s.uptimeNs === 0n ? '-' : formatDuration(s.uptimeNs),
    s.pod,
    s.status + memoryWarning(s),
    s.version,
    s.buildTime,
    alertText(s.alerts),
  ]
}

/** Mountpaths of a development cluster share one disk: only the first counts, as upstream has it. */
export function availableBytes(s: NodeStatus): number {
  const counted = s.deployment === 'dev' ? s.mountpaths.slice(0, 1) : s.mountpaths
  return counted.reduce((sum, mountpath) => sum + mountpath.availBytes, 0)
}

export function loadText(s: NodeStatus): string {
  return s.load.every((n) => n === 0) ? 'n/a' : `[${s.load.map((n) => n.toFixed(1)).join(' ')}]`
}

/** `running(g2)`, `finished(g2)`, or `-` */
export function rebalanceText(s: NodeStatus): string {
  const snap = s.rebalance
  if (snap === undefined) return '-'
  const id = textOf(snap.id)
  if (snap.aborted === true) return `aborted(${id})`
  const running = textOf(snap['end-time']).startsWith('0001-01-01')
  return running ? `running(${id})` : `finished(${id})`
}

const memoryPercent = { low: 80, out: 90 } as const
const memoryAvail = { low: 1024 ** 3, out: 200 * 1024 ** 2 } as const

function memoryWarning(s: NodeStatus): string {
  if (s.memUsedPercent >= memoryPercent.out || s.memAvailBytes < memoryAvail.out) {
    return ' (out of memory)'
  }
  const low = s.memUsedPercent >= memoryPercent.low || s.memAvailBytes < memoryAvail.low
  return low ? ' (low on memory)' : ''
}

/** The different non-empty values over nodes. */
export function distinct(
  statuses: readonly NodeStatus[],
  of: (s: NodeStatus) => string,
): readonly string[] {
  return [...new Set(statuses.map(of).filter((value) => value !== ''))]
}
