import type { CaseKind } from './case.ts'

/** How one case came out. `observed` is recorded and counts for nothing. */
export type Outcome = 'passed' | 'failed' | 'not-tested' | 'observed'

/** One case of a run. */
export interface CaseResult {
  readonly id: string
  readonly features: readonly string[]
  readonly kind: CaseKind
  readonly source: string
  readonly outcome: Outcome
  /** Why it failed or was not tested; what was observed. */
  readonly reason?: string
  /** What the original does instead, where the case marks a deliberate difference. */
  readonly deviation?: string
  readonly durationMs: number
}

/** Whether the endpoint has a capability, and how that is known. */
export interface CapabilityResult {
  readonly id: string
  readonly present: boolean
  readonly declaredAbsent: boolean
  readonly reason: string
}

/** How many of each. */
export interface Summary {
  readonly passed: number
  readonly failed: number
  readonly notTested: number
  readonly observed: number
}

/** A whole run. */
export interface Report {
  readonly endpoint: string
  readonly profile: string
  /** True when run against the original: marked differences are then expected to fail. */
  readonly reference: boolean
  /** ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
  readonly serverVersion: string
  readonly capabilities: readonly CapabilityResult[]
  readonly results: readonly CaseResult[]
  readonly summary: Summary
}
