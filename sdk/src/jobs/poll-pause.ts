/** Pauses between questions about a job, ms: growing to the last one. */
const pausesMs = [20, 50, 100, 200, 500] as const

export function pollPauseMs(round: number): number {
  return pausesMs[Math.min(round, pausesMs.length - 1)] ?? 0
}
