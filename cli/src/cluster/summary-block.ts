import { type Fields, isFields } from '@aistore-ts/sdk/decode.ts'
import { formatSize, type Units } from '../format/size.ts'
import { tabwriter } from '../output/tabwriter.ts'
import type { NodeStatus } from './node-status.ts'
import { availableBytes, distinct, rebalanceText } from './node-table.ts'
import { isActive, type NodeInfo, nodeName, type SmapView } from './smap.ts'

export interface ClusterFacts {
  readonly endpoint: string
  readonly smap: SmapView
  readonly statuses: readonly NodeStatus[]
  readonly config: Fields
  readonly backends: readonly string[]
  readonly units: Units
}

/** The block `Cluster:` below the node tables. */
export function clusterBlock(facts: ClusterFacts): string {
  const { smap, statuses, config } = facts
  const version = distinct(statuses, (s) => s.version)
  const build = distinct(statuses, (s) => s.buildTime)
  const auth = isFields(config.auth) && config.auth.client_auth_required === true
  const primary = smap.proxies.find((node) => node.id === smap.primaryId)
  const rows: readonly (readonly [string, string])[] = [
    ['CLI Endpoint', facts.endpoint],
    ['Proxies', proxiesText(smap)],
    ['Targets', targetsText(smap, statuses)],
    ['Capacity', capacityText(statuses, facts.units)],
    [
      'Cluster Map',
      `version ${smap.version}, UUID ${smap.uuid}, primary ${primary === undefined ? 'n/a' : nodeName(primary)}`,
    ],
    ['Software', softwareText(version, build)],
    ['Backend', facts.backends.length === 0 ? 'None' : facts.backends.join(', ')],
    ['Deployment', distinct(statuses, (s) => s.deployment).join(', ') || 'n/a'],
    ['Status', statusText(statuses)],
    ['Rebalance', rebalanceStateText(statuses, config)],
    ['Authentication', auth ? 'enabled' : 'disabled'],
    ['Version', version.join(', ') || 'n/a'],
    ['Build', build.join(', ') || 'n/a'],
  ]
  return `Cluster:\n${tabwriter(rows.map(([name, value]) => `   ${name}:\t${value}\n`).join(''))}`
}

function inactiveCount(nodes: readonly NodeInfo[]): number {
  return nodes.filter((node) => !isActive(node)).length
}

function proxiesText({ proxies }: SmapView): string {
  const count = proxies.length
  const inactive = inactiveCount(proxies)
  if (inactive > 0) return `${count} (${inactive} inactive)`
  const bound = proxies.filter((node) => node.nonElectable).length
  if (bound > 0) return `${count} (${bound} unelectable)`
  return count === 1 ? '1' : `${count} (all electable)`
}

function targetsText({ targets }: SmapView, statuses: readonly NodeStatus[]): string {
  const inactive = inactiveCount(targets)
  const disks = new Set(
    statuses.flatMap((s) =>
      s.mountpaths.flatMap((mountpath) =>
        mountpath.disks.map((disk) => (s.deployment === 'dev' ? disk : `${s.node.id} ${disk}`)),
      ),
    ),
  ).size
  const active = targets.length - inactive
  let note = ''
  if (disks > 1) note = active > 1 ? ` (total disks: ${disks})` : ` (num disks: ${disks})`
  else if (disks === 1) note = ' (one disk)'
  return `${targets.length}${inactive > 0 ? ` (${inactive} inactive)` : ''}${note}`
}

/** Above this the used share is rounded up. */
const fillingPercent = 60

function capacityText(statuses: readonly NodeStatus[], units: Units): string {
  let used = 0
  let available = 0
  for (const s of statuses.filter((each) => each.node.type === 'target')) {
    const dev = s.deployment === 'dev'
    const mountpaths = dev ? s.mountpaths.slice(0, 1) : s.mountpaths
    const usedHere = mountpaths.reduce((sum, mountpath) => sum + mountpath.usedBytes, 0)
    // Targets of a development cluster share one disk.
    used = dev ? Math.max(used, usedHere) : used + usedHere
    available = dev ? Math.max(available, availableBytes(s)) : available + availableBytes(s)
  }
  const total = used + available
  const percent = total === 0 ? 0 : Math.floor((used * 100) / total)
  const shown = percent > fillingPercent ? Math.ceil((used * 100) / total) : percent
  return `used ${formatSize(used, units)} (${shown}%), available ${formatSize(available, units)}`
}

function softwareText(versions: readonly string[], builds: readonly string[]): string {
  if (versions.length !== 1) return '-'
  return `${versions[0]} (build: ${builds.length === 1 ? builds[0] : '-'})`
}

function statusText(statuses: readonly NodeStatus[]): string {
  const counts = new Map<string, number>()
  for (const { status } of statuses) counts.set(status, (counts.get(status) ?? 0) + 1)
  const texts = [...counts].map(([status, count]) => `${count} ${status}`).sort()
  return texts.length > 1 ? `[${texts.join(', ')}]` : texts.join()
}

function rebalanceStateText(statuses: readonly NodeStatus[], config: Fields): string {
  const states = [...new Set(statuses.map(rebalanceText).filter((text) => text !== '-'))].join(', ')
  const enabled = isFields(config.rebalance) && config.rebalance.enabled === true
  if (enabled) return states || '-'
  return states === '' ? 'disabled' : `${states} (disabled)`
}
