import type { Cancel, Timeline } from './timeline.ts'

/**
 * One process of a node: from its start to its crash. All that reaches it (messages, timers, the disk) comes through
 * `after`: a paused process notices nothing, a slow one everything late, a dead one nothing any more.
 */
export interface Host {
  readonly id: string
  alive(): boolean
  /** Runs `task` in this process after `delayMs`, if it lives then. */
  after(delayMs: number, task: () => void): Cancel
  /** Stands still for `forMs`. */
  pause(forMs: number): void
  /** Goes on at once, at full speed. */
  resume(): void
  /** Every turn of it comes so much later from now on; 0: as quickly as can be. */
  slow(byMs: number): void
  kill(): void
}

export function createHost(id: string, timeline: Timeline): Host {
  let living = true
  let pausedUntil = 0
  let waiting: (() => void)[] = []
  let slowMs = 0

  function now(task: () => void): void {
    if (!living) return
    if (timeline.now < pausedUntil) waiting.push(task)
    else task()
  }

  function goOn(): void {
    if (timeline.now < pausedUntil) return
    const tasks = waiting
    waiting = []
    for (const task of tasks) timeline.after(0, () => now(task))
  }

  return {
    id,
    alive: () => living,
    after: (delayMs, task) => timeline.after(delayMs + slowMs, () => now(task)),
    pause(forMs) {
      pausedUntil = Math.max(pausedUntil, timeline.now + forMs)
      timeline.at(pausedUntil, goOn)
    },
    resume() {
      pausedUntil = timeline.now
      slowMs = 0
      goOn()
    },
    slow(byMs) {
      slowMs = byMs
    },
    kill() {
      living = false
    },
  }
}
