import { readFileSync } from 'node:fs'

interface Ticks {
  readonly busy: number
  readonly all: number
}

function ticksOf(core: number): Ticks {
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`cpu${core} `))
  const fields = (line ?? '').trim().split(/\s+/).slice(1, 9).map(Number)
  const all = fields.reduce((sum, value) => sum + value, 0)
  // Idle and waiting for a disk.
  return { busy: all - (fields[3] ?? 0) - (fields[4] ?? 0), all }
}

/** Starts to watch `core`; the returned function gives its busy share since then, 0 to 1. */
export function watchCore(core: number): () => number {
  const before = ticksOf(core)
  return () => {
    const now = ticksOf(core)
    return now.all === before.all ? 0 : (now.busy - before.busy) / (now.all - before.all)
  }
}
