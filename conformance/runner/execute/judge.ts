import type { ConformanceCase } from '../model/case.ts'
import type { CapabilityResult, CaseResult, Outcome } from '../model/report.ts'

/** What a run is judged by. */
export interface Ruling {
  readonly reference: boolean
  readonly capabilities: readonly CapabilityResult[]
}

/** Why a case cannot be tested now, if so: a capability or a need is missing. */
export function findObstacle(
  subject: ConformanceCase,
  ruling: Ruling,
  done: ReadonlyMap<string, CaseResult>,
): string | undefined {
  for (const id of subject.capabilities ?? []) {
    const capability = ruling.capabilities.find((result) => result.id === id)
    if (capability?.present !== true) {
      return `capability ${id}: ${capability?.reason ?? 'unknown'}`
    }
  }
  for (const id of subject.needs ?? []) {
    const outcome = done.get(id)?.outcome
    if (outcome !== 'passed' && outcome !== 'observed')
      return `needs ${id}: ${outcome ?? 'not run'}`
  }
  return undefined
}

/** The result of a case that ran; `complaint` is what went wrong, if anything did. */
export function judge(
  subject: ConformanceCase,
  complaint: string | undefined,
  ruling: Ruling,
): { outcome: Outcome; reason?: string } {
  if (subject.kind === 'observed') {
    return { outcome: 'observed', reason: complaint ?? 'as expected' }
  }
  if (ruling.reference && subject.deviation !== undefined) {
    return complaint === undefined
      ? { outcome: 'failed', reason: 'the original now does as we do: no deviation any more' }
      : { outcome: 'passed', reason: `differs as declared: ${complaint}` }
  }
  return complaint === undefined ? { outcome: 'passed' } : { outcome: 'failed', reason: complaint }
}
