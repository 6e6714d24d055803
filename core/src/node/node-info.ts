import { primaryOf } from '../cluster/smap.ts'
import { isActive, type Snode, snodeFlags, snodeToJson } from '../cluster/snode.ts'
import type { Capacity, Mountpath } from '../ports/mountpath.ts'
import type { NodeContext } from './node-context.ts'
import { selfInMap, stateFlags } from './state-flags.ts'

/** Nanoseconds since the node was composed. */
export function uptimeNs(node: NodeContext): bigint {
  return BigInt(Math.round((node.platform.clock.monotonic() - node.startedAt) * 1_000_000))
}

/** `NodeStateInfo`: versions of the metadata and who leads. */
export function stateInfo(node: NodeContext): Record<string, unknown> {
  const smap = node.metadata.smap()
  const primary = primaryOf(smap)
  return {
    smap: {
      Primary: {
        pub_url: primary?.publicNet.url ?? '',
        control_url: primary?.controlNet.url ?? '',
        id: primary?.daemonId ?? '',
      },
      uuid: smap.uuid,
      version: String(smap.version),
    },
    bmd: { uuid: node.metadata.bmd().uuid, version: String(node.metadata.bmd().version) },
    rmd: { version: String(node.metadata.rmd().version) },
    config: { version: String(node.metadata.config().config_version) },
    etlmd: { version: String(node.metadata.emd().version) },
    flags: stateFlags(node),
  }
}

/** `MemCPU`; with disks the file system's use as well. */
export function memCpu(node: NodeContext, disks?: DiskUse): Record<string, unknown> {
  const info = node.platform.systemInfo()
  const used = info.memTotalBytes - info.memAvailableBytes
  const round = (percent: number) => Math.round(percent * 100) / 100
  const [one, five, fifteen] = info.loadAverage
  return {
    mem_used: info.processRssBytes,
    mem_avail: info.memAvailableBytes,
    pct_mem_used: round((100 * info.processRssBytes) / info.memTotalBytes),
    pct_cpu_used: round(info.processCpuPercent),
    load_avg: { One: one, Five: five, Fifteen: fifteen },
    cpu_util: Math.round(info.systemCpuPercent),
    mem: {
      Total: info.memTotalBytes,
      Used: used,
      Free: info.memFreeBytes,
      BuffCache: Math.max(0, info.memAvailableBytes - info.memFreeBytes),
      ActualFree: info.memAvailableBytes,
      ActualUsed: used,
      SwapTotal: 0,
      SwapFree: 0,
      SwapUsed: 0,
    },
    proc: {
      CPU: { User: 0, Sys: 0, Total: 0, LastTime: 0, Percent: round(info.processCpuPercent) },
      Mem: { Size: info.processRssBytes, Resident: info.processRssBytes, Share: 0 },
    },
    ...(disks === undefined
      ? {}
      : {
          fs_used: String(disks.usedBytes),
          fs_capacity: String(disks.totalBytes),
          pct_fs_used:
            disks.totalBytes === 0n ? 0 : Number((disks.usedBytes * 100n) / disks.totalBytes),
        }),
  }
}

/** Bytes over the distinct file systems of a target. */
export interface DiskUse {
  readonly usedBytes: bigint
  readonly totalBytes: bigint
  readonly availableBytes: bigint
}

/** A mountpath with its capacity at one moment. */
export interface MountpathUse {
  readonly mountpath: Mountpath
  readonly capacity: Capacity
}

export function diskUse(uses: readonly MountpathUse[]): DiskUse {
  const byFs = new Map(uses.map(({ capacity }) => [capacity.fsId, capacity]))
  const total = (of: (capacity: Capacity) => bigint) =>
    [...byFs.values()].reduce((sum, capacity) => sum + of(capacity), 0n)
  return {
    usedBytes: total(unavailableBytes),
    totalBytes: total((capacity) => capacity.totalBytes),
    availableBytes: total((capacity) => capacity.availableBytes),
  }
}

/**
 * What no object can be written to: the files of all and what the file system keeps for itself, so that nothing
 * available is 100 %. @see AIStore fs/fs.go getFSCapacity
 */
function unavailableBytes(capacity: Capacity): bigint {
  return capacity.totalBytes - capacity.availableBytes
}

/** Whole percent of the file system that is not available. */
export function percentUsed(capacity: Capacity): number {
  if (capacity.totalBytes === 0n) return 0
  return Number((unavailableBytes(capacity) * 100n) / capacity.totalBytes)
}

/** `Tcdf`: capacity, disks and file systems of a target; zero-valued for a proxy. */
export function capacityInfo(uses: readonly MountpathUse[]): Record<string, unknown> {
  const percents = uses.map(({ capacity }) => percentUsed(capacity))
  const { usedBytes, availableBytes } = diskUse(uses)
  const average = percents.length === 0 ? 0 : percents.reduce((a, b) => a + b, 0) / percents.length
  return {
    mountpaths:
      uses.length === 0
        ? null
        : new Map(
            uses.map(({ mountpath, capacity }) => [
              mountpath.path,
              {
                mountpath_label: mountpath.label,
                fs: { Fs: capacity.device, FsType: capacity.fsType, FsID: capacity.fsId },
                disks: capacity.disks.length === 0 ? null : [...capacity.disks],
                used: String(unavailableBytes(capacity)),
                avail: String(capacity.availableBytes),
                pct_used: percentUsed(capacity),
              },
            ]),
          ),
    cs_err: '',
    total_used: String(usedBytes),
    total_avail: String(availableBytes),
    pct_max: percents.length === 0 ? 0 : Math.max(...percents),
    pct_avg: Math.round(average),
    pct_min: percents.length === 0 ? 0 : Math.min(...percents),
  }
}

/** Rates of the disks below the mountpaths, by name, in upstream's short spelling; none where they are not known. */
export function diskStats(
  node: NodeContext,
  uses: readonly MountpathUse[],
): ReadonlyMap<string, Record<string, number>> {
  const names = new Set(uses.flatMap(({ capacity }) => capacity.disks))
  const rates = node.platform.systemInfo().disks ?? new Map()
  return new Map(
    [...names].sort().map((name) => {
      const disk = rates.get(name)
      const average = (bytes: number, count: number) => (count > 0 ? Math.round(bytes / count) : 0)
      return [
        name,
        {
          RBps: Math.round(disk?.readBytesPerSecond ?? 0),
          Ravg: average(disk?.readBytesPerSecond ?? 0, disk?.readsPerSecond ?? 0),
          WBps: Math.round(disk?.writeBytesPerSecond ?? 0),
          Wavg: average(disk?.writeBytesPerSecond ?? 0, disk?.writesPerSecond ?? 0),
          Util: Math.round(disk?.utilPercent ?? 0),
        },
      ]
    }),
  )
}

/** `node_stats`: counters and capacity. */
export function nodeStats(
  node: NodeContext,
  uses: readonly MountpathUse[],
): Record<string, unknown> {
  return {
    snode: snodeToJson(selfInMap(node)),
    tracker: new Map<string, unknown>([
      ...Object.entries(node.stats.snapshot()),
      ['up.ns.time', uptimeNs(node)],
      ['state.flags', stateFlags(node)],
    ]),
    capacity: capacityInfo(uses),
  }
}

/** Why a node is out of service; empty when it is not. */
function statusOf(snode: Snode): string {
  if (isActive(snode)) return ''
  return (snode.flags & snodeFlags.decommission) !== 0 ? 'decommission' : 'maintenance'
}

/** `node_status`: all that a status table shows of a node. */
export function nodeStatus(
  node: NodeContext,
  uses: readonly MountpathUse[],
): Record<string, unknown> {
  const { snode, tracker, capacity } = nodeStats(node, uses)
  return {
    status: statusOf(selfInMap(node)),
    deployment: 'dev',
    ais_version: node.softwareVersion,
    build_time: node.buildTime,
    k8s_pod_name: '',
    snode,
    tracker,
    capacity,
    cluster: stateInfo(node),
    sys_info: memCpu(node, uses.length === 0 ? undefined : diskUse(uses)),
    smap_version: String(node.metadata.smap().version),
  }
}

/** Every mountpath with its capacity now. */
export async function mountpathUses(mountpaths: readonly Mountpath[]): Promise<MountpathUse[]> {
  return Promise.all(
    mountpaths.map(async (mountpath) => ({ mountpath, capacity: await mountpath.capacity() })),
  )
}
