import { capabilities } from '../cases/capabilities.ts'
import { allCases } from '../cases/registry.ts'
import { withNeeds } from './execute/plan-run.ts'
import { probeCapabilities } from './execute/probe-capabilities.ts'
import { runAll } from './execute/run-all.ts'
import type { ConformanceCase } from './model/case.ts'
import type { CapabilityResult, CaseResult, Report } from './model/report.ts'
import { openSession } from './open-session.ts'
import { findProfile, type Profile } from './profiles.ts'
import { summarize } from './report/summarize.ts'

/** Cases that run at once when the caller does not say. */
const concurrencyDefault = 8

/** What to run, and against what. */
export interface ConformanceOptions {
  /** A gateway, such as `http://127.0.0.1:8080`. */
  readonly endpoint: string
  /** One of `profiles`; `native` when absent. */
  readonly profile?: string
  /** Only cases whose id matches, and what they need. */
  readonly only?: RegExp
  /** Run against the original: deliberate differences are expected to fail. */
  readonly reference?: boolean
  /** Ids of capabilities the endpoint is known not to have. */
  readonly without?: readonly string[]
  readonly concurrency?: number
  /** PEM of who signed the endpoint's certificates, where the system does not know it. */
  readonly authority?: string
  /** Told of each result as it comes. */
  onResult?(result: CaseResult): void
}

/**
 * Runs the suite against a live endpoint. Cases make and remove buckets named `cf-*`; nothing else of
 * the cluster is changed for longer than a case.
 * @throws Error when the endpoint does not answer with a cluster map, or an option is unknown
 */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const reference = options.reference ?? false
  const profile = findProfile(options.profile ?? 'native')
  if (profile === undefined) throw new Error(`unknown profile ${options.profile}`)
  const declared = declaredAbsent(options.without ?? [], reference)
  const concurrency = options.concurrency ?? concurrencyDefault
  const session = await openSession(options.endpoint, concurrency, options.authority)
  try {
    const probed = await probeCapabilities(capabilities, declared, session.run, session)
    const { inside, outside } = select(profile, options.only)
    const ran = await runAll(
      inside,
      {
        run: session.run,
        concurrency,
        ruling: { reference, capabilities: probed },
        ...(options.onResult !== undefined && { onResult: options.onResult }),
      },
      session,
    )
    const results = [...judgeGaps(probed), ...ran, ...outside]
    return {
      endpoint: session.endpoint,
      profile: profile.id,
      reference,
      startedAt: session.startedAt.toISOString(),
      durationMs: Date.now() - session.startedAt.getTime(),
      serverVersion: session.serverVersion,
      capabilities: probed,
      results,
      summary: summarize(results),
    }
  } finally {
    session.client.close()
  }
}

/** What a run is about, and what it leaves out although it was asked for. */
function select(
  profile: Profile,
  only: RegExp = /(?:)/,
): { inside: readonly ConformanceCase[]; outside: readonly CaseResult[] } {
  const asked = withNeeds(
    allCases.filter((subject) => only.test(subject.id)),
    allCases,
  )
  const inside = withNeeds(
    asked.filter((subject) => profile.includes(subject)),
    asked,
  )
  const outside = asked
    .filter((subject) => !inside.includes(subject))
    .map(
      ({ id, features, kind, source }): CaseResult => ({
        ...{ id, features, kind, source, durationMs: 0 },
        outcome: 'not-tested',
        reason: `outside the profile ${profile.id}`,
      }),
    )
  return { inside, outside }
}

function declaredAbsent(without: readonly string[], reference: boolean): Set<string> {
  for (const id of without) {
    if (!capabilities.some((capability) => capability.id === id)) {
      throw new Error(`unknown capability ${id}`)
    }
  }
  const ours = capabilities.filter((capability) => reference && capability.ours === true)
  return new Set([...without, ...ours.map((capability) => capability.id)])
}

/** A gap nobody declared fails the run, and so does a declared one that has closed. */
function judgeGaps(probed: readonly CapabilityResult[]): CaseResult[] {
  return capabilities
    .filter((capability) => capability.belongsTo === 'server')
    .map(({ id, title }) => {
      const found = probed.find((result) => result.id === id)
      const agrees = found?.present !== found?.declaredAbsent
      const reason = found?.present === true ? 'present, though declared absent' : found?.reason
      return {
        ...{ id: `capability-${id}`, features: ['F22.13'], source: title, durationMs: 0 },
        ...{ kind: 'required', outcome: agrees ? 'passed' : 'failed' },
        ...(!agrees && { reason: reason ?? 'not probed' }),
      } as const
    })
}
