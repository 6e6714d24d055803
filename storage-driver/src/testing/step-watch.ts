import type { Bench } from './mountpath-bench.ts'

/** Counts the steps of all mountpaths it is given to, and tells when one was done. */
export function watchSteps() {
  const counts = new Map<string, number>()
  let waiting: { step: string; resolve(): void }[] = []
  return {
    crashPoint: (step: string) => {
      counts.set(step, (counts.get(step) ?? 0) + 1)
      for (const one of waiting) if (one.step === step) one.resolve()
      waiting = waiting.filter((one) => one.step !== step)
    },
    count: (step: string) => counts.get(step) ?? 0,
    /** Resolves when `step` is done the next time. */
    next: (step: string) =>
      new Promise<void>((resolve) => {
        waiting.push({ step, resolve })
      }),
  }
}

/** Lets the time of a round of writing out come, and waits until it is over. */
export async function roundOf(bench: Bench, steps: ReturnType<typeof watchSteps>): Promise<void> {
  const settled = steps.next('bodies-settled')
  bench.clock.advance(1_000)
  await settled
}
