import { readFileSync } from 'node:fs'
import { cpus, freemem, hostname, loadavg, totalmem } from 'node:os'
import type { SystemInfo } from '@aistore-ts/core/ports/platform.ts'
import { createDiskActivity } from './disk-activity.ts'

/**
 * Makes the reader of `Platform.systemInfo`. CPU percentages cover the time since the previous reading; the
 * first one covers the time since this call. Without `/proc`, available memory counts as free memory.
 */
export function createSystemInfo(): () => SystemInfo {
  let processBefore = process.cpuUsage()
  let wallBeforeMs = performance.now()
  let systemBefore = systemTicks()
  const disks = createDiskActivity()
  const host = hostname()

  return () => {
    const used = process.cpuUsage()
    const wallMs = performance.now()
    const ticks = systemTicks()
    const usedMs = (used.user - processBefore.user + used.system - processBefore.system) / 1_000
    const processCpuPercent = percent(usedMs, wallMs - wallBeforeMs)
    const systemCpuPercent = percent(ticks.busy - systemBefore.busy, ticks.all - systemBefore.all)
    processBefore = used
    wallBeforeMs = wallMs
    systemBefore = ticks
    const memFreeBytes = freemem()
    const [one = 0, five = 0, fifteen = 0] = loadavg()
    return {
      memTotalBytes: totalmem(),
      memFreeBytes,
      memAvailableBytes: availableBytes() ?? memFreeBytes,
      processRssBytes: process.memoryUsage.rss(),
      cpuCount: Math.max(1, cpus().length),
      processCpuPercent,
      systemCpuPercent,
      loadAverage: [one, five, fifteen],
      pid: process.pid,
      hostname: host,
      disks: disks(),
    }
  }
}

function percent(part: number, whole: number): number {
  return whole > 0 ? Math.max(0, (100 * part) / whole) : 0
}

function systemTicks(): { busy: number; all: number } {
  let idle = 0
  let all = 0
  for (const { times } of cpus()) {
    idle += times.idle
    all += times.user + times.nice + times.sys + times.irq + times.idle
  }
  return { busy: all - idle, all }
}

function availableBytes(): number | undefined {
  try {
    const line = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))
    return line?.[1] === undefined ? undefined : Number(line[1]) * 1_024
  } catch {
    return undefined
  }
}
