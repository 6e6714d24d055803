import { type Fields, isFields, numberOf } from '@aistore-ts/sdk/decode.ts'
import { plural } from '../format/plural.ts'
import { formatSize, type Units } from '../format/size.ts'
import type { NodeStatus } from './node-status.ts'
import { nodeName } from './smap.ts'

/** Bytes that targets have sent and taken since they started, and when that was read. */
export interface TransferSample {
  readonly readBytes: number
  readonly writtenBytes: number
  /** Monotonic, ms. */
  readonly atMs: number
}

export interface HealthFacts {
  /** Of targets alone. */
  readonly statuses: readonly NodeStatus[]
  readonly before: TransferSample
  readonly now: TransferSample
  /** Kinds of the jobs that run. */
  readonly jobKinds: readonly string[]
  readonly units: Units
  readonly verbose: boolean
}

const counter = ({ raw }: NodeStatus, name: string): number => {
  const tracker: Fields = isFields(raw.tracker) ? raw.tracker : {}
  return numberOf(tracker[name])
}

const sum = (statuses: readonly NodeStatus[], ...names: readonly string[]): number =>
  statuses.reduce((total, s) => names.reduce((part, name) => part + counter(s, name), total), 0)

export function sampleTransfers(statuses: readonly NodeStatus[], atMs: number): TransferSample {
  return { readBytes: sum(statuses, 'get.size'), writtenBytes: sum(statuses, 'put.size'), atMs }
}

/** Alerts that call for somebody at once. @see AIStore cmn/cos/node_state.go, isRed */
const redAlerts = new Set([
  'OOS',
  'OOM',
  'out-of-cpu',
  'disk-fault',
  'high-number-of-goroutines',
  'tls-cert-expired',
  'disk-OOS',
])

/** Groups of targets of which something is to be told, as they are headed. */
function issuesOf(statuses: readonly NodeStatus[]) {
  const those = (is: (s: NodeStatus) => boolean) =>
    statuses.filter(is).map(({ node }) => nodeName(node))
  return {
    alerts: those((s) => s.status === 'offline' || s.alerts.some((name) => redAlerts.has(name))),
    warnings: those((s) => s.alerts.some((name) => !redAlerts.has(name))),
    maintenance: those(({ status }) => status === 'maintenance'),
    decommission: those(({ status }) => status === 'decommission'),
    rebalancing: those(({ alerts }) => alerts.includes('rebalancing')),
  }
}

type Issues = ReturnType<typeof issuesOf>

function summaryOf(issues: Issues, total: number): string {
  const affected = new Set(Object.values(issues).flat()).size
  if (affected === 0) return 'Operational'
  const { alerts, warnings, maintenance, decommission, rebalancing } = issues
  const parts: string[] = []
  if (alerts.length > 0) parts.push(counted(alerts.length, 'alert'))
  if (warnings.length > 0) parts.push(counted(warnings.length, 'warning'))
  if (maintenance.length > 0) parts.push(`${maintenance.length} in maintenance`)
  if (decommission.length > 0) parts.push(`${decommission.length} being decommissioned`)
  if (rebalancing.length === total) parts.push('cluster rebalancing')
  else if (rebalancing.length > 0) parts.push(`${counted(rebalancing.length, 'node')} rebalancing`)
  return `${counted(affected, 'node')} report alerts and/or warnings: [${parts.join(', ')}]`
}

/** Which nodes each group of issues is about; for `--verbose`. */
function detailsOf(issues: Issues, total: number): string {
  const groups: readonly (readonly [string, readonly string[]])[] = [
    ['Alerts', issues.alerts],
    ['Warnings', issues.warnings],
    ['Maintenance', issues.maintenance],
    ['Decommission', issues.decommission],
    ['Rebalancing', issues.rebalancing],
  ]
  const lines = groups.flatMap(([title, names]) =>
    names.length === 0
      ? []
      : [`${`${title} (${names.length}/${total}):`.padEnd(20)} ${names.join(', ')}\n`],
  )
  return lines.length === 0
    ? 'All nodes operational\n'
    : `CLUSTER HEALTH DETAILS:\n${lines.join('')}`
}

function throughputText({ before, now, units }: HealthFacts): string | undefined {
  const seconds = (now.atMs - before.atMs) / 1_000
  const rate = (from: number, to: number) => Math.max(0, Math.round((to - from) / seconds))
  const read = rate(before.readBytes, now.readBytes)
  const written = rate(before.writtenBytes, now.writtenBytes)
  if (!(seconds > 0) || (read === 0 && written === 0)) return undefined
  const shown = (bytes: number) => `${formatSize(bytes, units, 1)}/s`
  return `Read ${shown(read)}, Write ${shown(written)} (${seconds.toFixed(0)}s avg)`
}

function spreadText(values: readonly number[], unit = ''): string | undefined {
  if (values.length === 0) return undefined
  const shown = (value: number) => value.toFixed(1) + unit
  const average = values.reduce((a, b) => a + b, 0) / values.length
  return `avg ${shown(average)}, min ${shown(Math.min(...values))}, max ${shown(Math.max(...values))}`
}

function networkText(statuses: readonly NodeStatus[]): string {
  if (statuses.some(({ alerts }) => alerts.includes('keep-alive-errors'))) {
    return 'keep-alive errors (last 5m)'
  }
  return sum(statuses, 'get.n', 'put.n') > 0 ? 'healthy' : 'cluster is idle'
}

/** A disk that stands in brackets behind its name has an alert: `sda(faulted)`. @see AIStore fs/mountpath.go, HasAlert */
const hasAlert = (disk: string) => disk.endsWith(')')

function storageLines(statuses: readonly NodeStatus[]): readonly (readonly [string, string])[] {
  const mountpaths = statuses.flatMap((s) => s.mountpaths)
  const isSick = ({ disks }: { readonly disks: readonly string[] }) => disks.some(hasAlert)
  const sick = mountpaths.filter(isSick).length
  if (sick === 0) return [['Storage', `${mountpaths.length} mountpaths (all healthy)`]]
  const nodes = statuses.filter((s) => s.mountpaths.some(isSick)).map(({ node }) => nodeName(node))
  const healthy = mountpaths.length - sick
  return [
    ['Storage', `${mountpaths.length} mountpaths (${healthy} healthy, ${sick} warnings)`],
    ['   Warnings', nodes.join(', ')],
  ]
}

function filesystemsText(statuses: readonly NodeStatus[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { fsType } of statuses.flatMap((s) => s.mountpaths)) {
    counts.set(fsType, (counts.get(fsType) ?? 0) + 1)
  }
  if (counts.size === 0) return undefined
  return [...counts].map(([type, count]) => `${type}(${count})`).join(', ')
}

/** Used share of each target's file systems, averaged, percent. */
function diskUse(statuses: readonly NodeStatus[]): number[] {
  return statuses.flatMap(({ mountpaths, capacityPercent }) =>
    mountpaths.length === 0 ? [] : [capacityPercent.avg],
  )
}

/** The block `Performance and Health:` of the dashboard. @see AIStore cmd/cli/cli/daeclu.go */
export function healthBlock(facts: HealthFacts): string {
  const { statuses, jobKinds, verbose } = facts
  const issues = issuesOf(statuses)
  const state = summaryOf(issues, statuses.length)
  const isClean = state === 'Operational'
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['State', state],
    ['   Details', isClean || verbose ? undefined : "Use '--verbose' for detailed breakdown"],
    ['Throughput', throughputText(facts)],
    ['I/O Errors', String(sum(statuses, 'err.io.get.n', 'err.io.put.n', 'err.io.del.n'))],
    ['Load Avg', withNote(spreadText(statuses.map(({ load: [one] }) => one)), '(1m)')],
    ['Disk Usage', spreadText(diskUse(statuses), '%')],
    ['Network', networkText(statuses)],
    ...storageLines(statuses),
    ['Filesystems', filesystemsText(statuses)],
  ]
  const text = lines
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `   ${name}:\t\t${value}\n`)
    .join('')
  const jobs = `${'   Running Jobs:'.padEnd(24)}${jobKinds.join(', ') || 'None'}\n`
  const details = verbose ? `\n\n${detailsOf(issues, statuses.length)}` : ''
  return `Performance and Health:\n${text}${jobs}${details}`
}

const withNote = (text: string | undefined, note: string) => text && `${text} ${note}`
const counted = (count: number, noun: string) => `${count} ${noun}${plural(count)}`
