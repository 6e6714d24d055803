import type { Platform } from '../ports/platform.ts'
import { afterTurn } from '../target/list-cursor.ts'

/** A job gives way after so much work without a pause, ms. */
const turnMs = 8
/** Between two looks at the machine, ms. */
const lookMs = 1_000
/** Memory left, of all: below, jobs rest. */
const memoryShareMin = 0.05
/** Processor time of the machine in use, percent: above, jobs slow down. */
const cpuPercentMax = 90
/** Time in which the busiest disk had something to do, percent: above, jobs slow down. */
const diskPercentMax = 95
/** Rest after a turn on a machine under load, ms. */
const loadRestMs = 4
/** Rest after a turn while memory is short, ms. */
const memoryRestMs = 100

/** Lets others have their turn, and slows a job down on a machine under load. */
export interface Pace {
  /** After each unit of work. */
  next(signal: AbortSignal): Promise<void>
}

/** Rest that the machine asks of a job after each turn, ms. */
function restOf(platform: Platform): number {
  const info = platform.systemInfo()
  if (info.memAvailableBytes < info.memTotalBytes * memoryShareMin) return memoryRestMs
  const disk = Math.max(0, ...[...(info.disks?.values() ?? [])].map((one) => one.utilPercent))
  return info.systemCpuPercent > cpuPercentMax || disk > diskPercentMax ? loadRestMs : 0
}

export function createPace(platform: Platform): Pace {
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
        restMs = restOf(platform)
      }
      if (restMs > 0) await clock.sleep(restMs, signal)
      else await afterTurn({ platform })
      turnAt = clock.monotonic()
    },
  }
}
