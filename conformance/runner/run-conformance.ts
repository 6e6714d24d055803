import { capabilities } from '../cases/capabilities.ts'
import { allCases } from '../cases/registry.ts'
import { parseExactJson } from './codec/parse-exact-json.ts'
import { withNeeds } from './execute/plan-run.ts'
import { probeCapabilities } from './execute/probe-capabilities.ts'
import { runAll } from './execute/run-all.ts'
import { createHttpClient, type HttpClient } from './http/client.ts'
import type { CapabilityResult, CaseResult, Report } from './model/report.ts'
import { type ClusterMap, parseClusterMap } from './placement/cluster-map.ts'
import { findProfile } from './profiles.ts'
import { summarize } from './report/summarize.ts'

/** Silence after which one request of a case is given up. */
const requestTimeoutMs = 20_000
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
  /** Told of each result as it comes. */
  onResult?(result: CaseResult): void
}

/**
 * Runs the suite against a live endpoint. Cases make and remove buckets named `cf-*`; nothing else of
 * the cluster is changed for longer than a case.
 * @throws Error when the endpoint does not answer with a cluster map, or an option is unknown
 */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const endpoint = new URL(options.endpoint).origin
  const profile = findProfile(options.profile ?? 'native')
  if (profile === undefined) throw new Error(`unknown profile ${options.profile}`)
  const concurrency = options.concurrency ?? concurrencyDefault
  const client = createHttpClient(requestTimeoutMs, concurrency * 2)
  const startedAt = new Date()
  try {
    const map = await loadClusterMap(client, endpoint)
    const context = { endpoint, client, map, timeoutMs: requestTimeoutMs }
    const run = startedAt.getTime().toString(36)
    const reference = options.reference ?? false
    const absent = declaredAbsent(options.without ?? [], reference)
    const probed = await probeCapabilities(capabilities, absent, run, context)
    const { only } = options
    const chosen = allCases.filter((subject) => only === undefined || only.test(subject.id))
    const selected = withNeeds(chosen, allCases)
    const inside = withNeeds(
      selected.filter((subject) => profile.includes(subject)),
      selected,
    )
    const ruling = { reference, capabilities: probed }
    const { onResult } = options
    const settings = { run, concurrency, ruling, ...(onResult !== undefined && { onResult }) }
    const ran = await runAll(inside, settings, context)
    const outside = selected
      .filter((subject) => !inside.includes(subject))
      .map((subject) => ({
        ...{ id: subject.id, features: subject.features, kind: subject.kind },
        ...{ source: subject.source, outcome: 'not-tested' as const, durationMs: 0 },
        reason: `outside the profile ${profile.id}`,
      }))
    const results = [...undeclaredGaps(probed), ...ran, ...outside]
    return {
      endpoint,
      profile: profile.id,
      reference,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      serverVersion: await loadVersion(client, endpoint),
      capabilities: probed,
      results,
      summary: summarize(results),
    }
  } finally {
    client.close()
  }
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
function undeclaredGaps(probed: readonly CapabilityResult[]): CaseResult[] {
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

async function loadClusterMap(client: HttpClient, endpoint: string): Promise<ClusterMap> {
  const target = '/v1/cluster?what=smap'
  const asked = { method: 'GET', origin: endpoint, target, headers: {} }
  const answer = await client.send(asked)
  if (answer.status !== 200) throw new Error(`${endpoint}${target}: status ${answer.status}`)
  return parseClusterMap(parseExactJson(answer.body.toString('utf8')))
}

async function loadVersion(client: HttpClient, endpoint: string): Promise<string> {
  const target = '/v1/daemon?what=software_version'
  const answer = await client.send({ method: 'GET', origin: endpoint, target, headers: {} })
  return answer.status === 200 ? answer.body.toString('utf8').trim() : 'unknown'
}
