import type { ClusterConfig } from '../config/cluster-config.ts'
import type { Platform, SystemInfo } from '../ports/platform.ts'
import { afterTurn } from '../target/list-cursor.ts'

/** A job gives way after so much work without a pause, ms. */
const turnMs = 8
/** Between two looks at the machine, ms. */
const lookMs = 1_000
/** Memory left, of all: below, jobs rest. */
const memoryShareMin = 0.05
/** Processor time of the machine in use, percent: above, jobs slow down. */
const cpuPercentMax = 90
/** Rest after a turn on a machine under load, ms. */
const loadRestMs = 4
/** Rest after a turn while memory is short, or a disk has no time left, ms. */
const shortRestMs = 100

/**
 * Time in which the busiest disk had something to do, percent: above the first, jobs slow down, above the second they rest.
 * @see AIStore cmn/config.go DiskConf
 */
export type DiskLimits = Pick<ClusterConfig['disk'], 'disk_util_high_wm' | 'disk_util_max_wm'>

/** Lets others have their turn, and slows a job down on a machine under load. */
export interface Pace {
  /** After each unit of work. */
  next(signal: AbortSignal): Promise<void>
}

/** Rest that the machine asks of a job after each turn, ms. */
function restOf(info: SystemInfo, limits: DiskLimits): number {
  const disk = Math.max(0, ...[...(info.disks?.values() ?? [])].map((one) => one.utilPercent))
  const isMemoryShort = info.memAvailableBytes < info.memTotalBytes * memoryShareMin
  if (isMemoryShort || disk > limits.disk_util_max_wm) return shortRestMs
  const isLoaded = info.systemCpuPercent > cpuPercentMax || disk > limits.disk_util_high_wm
  return isLoaded ? loadRestMs : 0
}

/** @param limits asked at every look: they may be changed while the job runs */
export function createPace(
  platform: Pick<Platform, 'clock' | 'files' | 'systemInfo'>,
  limits: () => DiskLimits,
): Pace {
  const { clock } = platform
  let turnAt = clock.monotonic()
  let lookedAt = Number.NEGATIVE_INFINITY
  let restMs = 0
  return {
    async next(signal) {
      const now = clock.monotonic()
      if (now - turnAt < turnMs) return
      if (now - lookedAt >= lookMs) {
        lookedAt = now
        restMs = restOf(platform.systemInfo(), limits())
      }
      if (restMs > 0) await clock.sleep(restMs, signal)
      else await afterTurn({ platform })
      turnAt = clock.monotonic()
    },
  }
}
