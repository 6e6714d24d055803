import { type Fields, isFields, numberOf, textOf } from '@aistore-ts/sdk/decode.ts'
import { AisClientError } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import type { Context } from '../command.ts'
import { isUnreachable } from '../output/format-error.ts'
import { alertNames } from './alerts.ts'
import { isActive, type NodeInfo } from './smap.ts'

/** What one node tells of itself. */
export interface NodeStatus {
  readonly node: NodeInfo
  /** As the server sent it, for `--json`. */
  readonly raw: Fields
  /** `online`, `maintenance`, `decommission`, `offline` */
  readonly status: string
  readonly memUsedPercent: number
  readonly memAvailBytes: number
  readonly cpuPercent: number
  readonly cpuThrottledPercent: number
  readonly load: readonly [one: number, five: number, fifteen: number]
  readonly uptimeNs: bigint
  readonly pod: string
  readonly version: string
  readonly buildTime: string
  readonly deployment: string
  readonly alerts: readonly string[]
  readonly mountpaths: readonly MountpathStatus[]
  readonly capacityPercent: { readonly min: number; readonly avg: number; readonly max: number }
  readonly capacityError: string
  readonly rebalance: Fields | undefined
}

export interface MountpathStatus {
  readonly path: string
  readonly usedBytes: number
  readonly availBytes: number
  readonly usedPercent: number
  readonly fs: string
  readonly fsType: string
  readonly disks: readonly string[]
}

/** Asks all nodes at once; one that does not answer is `offline`. */
export function readStatuses(
  context: Context,
  nodes: readonly NodeInfo[],
): Promise<readonly NodeStatus[]> {
  return Promise.all(nodes.map((node) => readStatus(context, node)))
}

async function readStatus(context: Context, node: NodeInfo): Promise<NodeStatus> {
  try {
    const raw = await context.client.cluster.node(node.id, 'node_status', context.signal)
    return parseStatus(node, raw)
  } catch (error) {
    const noAnswer = error instanceof AisClientError && error.status >= 500
    if (!noAnswer && !isUnreachable(error)) throw error
    return parseStatus(node, { status: 'offline' })
  }
}

function parseStatus(node: NodeInfo, raw: Fields): NodeStatus {
  const sys = fieldsOf(raw.sys_info)
  const load = fieldsOf(sys.load_avg)
  const tracker = fieldsOf(raw.tracker)
  const capacity = fieldsOf(raw.capacity)
  const cluster = fieldsOf(raw.cluster)
  return {
    node,
    raw,
    status: textOf(raw.status) || stateOf(node),
    memUsedPercent: numberOf(sys.pct_mem_used),
    memAvailBytes: numberOf(sys.mem_avail),
    cpuPercent: numberOf(sys.cpu_util),
    cpuThrottledPercent: numberOf(sys.cpu_throttled),
    load: [numberOf(load.One), numberOf(load.Five), numberOf(load.Fifteen)],
    uptimeNs: BigInt(Math.round(numberOf(tracker['up.ns.time']))),
    pod: textOf(raw.k8s_pod_name),
    version: textOf(raw.ais_version),
    buildTime: textOf(raw.build_time),
    deployment: textOf(raw.deployment),
    alerts: alertNames(numberOf(cluster.flags)),
    mountpaths: parseMountpaths(capacity.mountpaths),
    capacityPercent: {
      min: numberOf(capacity.pct_min),
      avg: numberOf(capacity.pct_avg),
      max: numberOf(capacity.pct_max),
    },
    capacityError: textOf(capacity.cs_err),
    rebalance: isFields(raw.rebalance_snap) ? raw.rebalance_snap : undefined,
  }
}

export function parseMountpaths(value: unknown): MountpathStatus[] {
  const map = fieldsOf(value)
  return Object.keys(map)
    .sort()
    .map((path) => {
      const item = fieldsOf(map[path])
      const fs = fieldsOf(item.fs)
      const disks = Array.isArray(item.disks) ? item.disks.map(textOf) : []
      return {
        path,
        usedBytes: numberOf(item.used),
        availBytes: numberOf(item.avail),
        usedPercent: numberOf(item.pct_used),
        fs: textOf(fs.Fs),
        fsType: textOf(fs.FsType),
        disks,
      }
    })
}

function stateOf(node: NodeInfo): string {
  if (isActive(node)) return 'online'
  return node.inDecommission ? 'decommission' : 'maintenance'
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}
