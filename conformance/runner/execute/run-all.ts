import type { ConformanceCase } from '../model/case.ts'
import type { CaseResult } from '../model/report.ts'
import { findObstacle, judge, type Ruling } from './judge.ts'
import { planRun } from './plan-run.ts'
import { runCase } from './run-case.ts'
import type { StepContext } from './run-step.ts'

/** What a run does besides the cases. */
export interface RunSettings {
  readonly run: string
  readonly concurrency: number
  readonly ruling: Ruling
  /** Told of each result as it comes. */
  onResult?(result: CaseResult): void
}

/** Runs cases in the order of their needs, at most `concurrency` at once; results in case order. */
export async function runAll(
  cases: readonly ConformanceCase[],
  settings: RunSettings,
  context: StepContext,
): Promise<CaseResult[]> {
  const done = new Map<string, CaseResult>()
  const serials = new Map(cases.map((subject, index) => [subject.id, index]))
  const runOne = async (subject: ConformanceCase): Promise<void> => {
    const result = await runUnlessHindered(subject, serials.get(subject.id) ?? 0)
    done.set(subject.id, result)
    settings.onResult?.(result)
  }
  const runUnlessHindered = async (subject: ConformanceCase, serial: number) => {
    const { id, features, kind, source, deviation } = subject
    const fixed = { id, features, kind, source, ...(deviation !== undefined && { deviation }) }
    const obstacle = findObstacle(subject, settings.ruling, done)
    if (obstacle !== undefined) {
      return { ...fixed, outcome: 'not-tested', reason: obstacle, durationMs: 0 } as const
    }
    const startedAt = performance.now()
    const complaint = await runCase(subject, { run: settings.run, serial }, context)
    const durationMs = Math.round(performance.now() - startedAt)
    return { ...fixed, ...judge(subject, complaint, settings.ruling), durationMs }
  }
  const plan = planRun(cases)
  for (const wave of plan.waves) {
    const queue = wave.values()
    const worker = async (): Promise<void> => {
      for (const subject of queue) await runOne(subject)
    }
    await Promise.all(Array.from({ length: settings.concurrency }, worker))
  }
  for (const subject of plan.alone) await runOne(subject)
  return cases.flatMap((subject) => done.get(subject.id) ?? [])
}
