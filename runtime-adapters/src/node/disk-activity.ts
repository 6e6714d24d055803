import { readFileSync } from 'node:fs'
import type { DiskActivity } from '@aistore-ts/core/ports/platform.ts'

/** Sectors of `/proc/diskstats` have this size whatever the disk says. @see Linux Documentation/admin-guide/iostats.rst */
const sectorBytes = 512

/** Readings closer together than this would be noise: the previous answer stands, ms. */
const windowMsMin = 1_000

interface Counters {
  readonly reads: number
  readonly readSectors: number
  readonly writes: number
  readonly writeSectors: number
  readonly busyMs: number
}

/**
 * Makes a reader of what the machine's disks do: averages since the previous reading, at least a second back. It
 * answers `undefined` where there is no `/proc/diskstats`.
 */
export function createDiskActivity(
  read: () => string | undefined = readDiskstats,
  nowMs: () => number = () => performance.now(),
): () => ReadonlyMap<string, DiskActivity> | undefined {
  let before = parse(read())
  let beforeMs = nowMs()
  let known: ReadonlyMap<string, DiskActivity> = new Map()

  return () => {
    if (before === undefined) return undefined
    const elapsedMs = nowMs() - beforeMs
    if (elapsedMs < windowMsMin && known.size > 0) return known
    const after = parse(read())
    if (after === undefined) return undefined
    known = rates(before, after, Math.max(elapsedMs, 1))
    before = after
    beforeMs += elapsedMs
    return known
  }
}

function rates(
  before: ReadonlyMap<string, Counters>,
  after: ReadonlyMap<string, Counters>,
  elapsedMs: number,
): ReadonlyMap<string, DiskActivity> {
  const found = new Map<string, DiskActivity>()
  for (const [name, now] of after) {
    const was = before.get(name) ?? now
    // A counter may wrap or a disk be replaced under the same name: no activity rather than a negative one.
    const perSecond = (a: number, b: number) => (Math.max(0, b - a) * 1_000) / elapsedMs
    found.set(name, {
      readsPerSecond: perSecond(was.reads, now.reads),
      readBytesPerSecond: perSecond(was.readSectors, now.readSectors) * sectorBytes,
      writesPerSecond: perSecond(was.writes, now.writes),
      writeBytesPerSecond: perSecond(was.writeSectors, now.writeSectors) * sectorBytes,
      utilPercent: Math.min(100, perSecond(was.busyMs, now.busyMs) / 10),
    })
  }
  return found
}

function parse(text: string | undefined): ReadonlyMap<string, Counters> | undefined {
  if (text === undefined) return undefined
  const found = new Map<string, Counters>()
  for (const line of text.split('\n')) {
    const [, , name, ...fields] = line.trim().split(/\s+/)
    if (name === undefined || fields.length < 10) continue
    const at = (index: number) => Number(fields[index])
    found.set(name, {
      reads: at(0),
      readSectors: at(2),
      writes: at(4),
      writeSectors: at(6),
      busyMs: at(9),
    })
  }
  return found
}

function readDiskstats(): string | undefined {
  try {
    return readFileSync('/proc/diskstats', 'latin1')
  } catch {
    return undefined
  }
}
