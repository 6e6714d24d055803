import { capabilities } from '../cases/capabilities.ts'
import { allCases } from '../cases/registry.ts'
import { probeCapabilities } from './execute/probe-capabilities.ts'
import { runAll } from './execute/run-all.ts'
import { type Tampering, tamperings } from './execute/tamperings.ts'
import type { ConformanceCase } from './model/case.ts'
import { openSession } from './open-session.ts'

/** Which cases noticed which wrong server. */
export interface MutationReport {
  /** Cases that failed unspoiled already, and so could not be tested. */
  readonly failingAnyway: readonly string[]
  /** How many cases each tampering made fail, by its id. */
  readonly noticed: ReadonlyMap<string, number>
  readonly tested: number
  /** Cases that pass whatever the server does: they prove nothing. */
  readonly unableToFail: readonly string[]
}

/**
 * Proves the suite rather than the server: runs every case once per tampering, with every answer
 * spoiled before it is checked, and names those that no tampering makes fail. Cases that fail without
 * are left out.
 * @throws Error when the endpoint does not answer with a cluster map, or no longer does at the end
 */
export async function runMutations(
  endpoint: string,
  only: RegExp,
  concurrency: number,
): Promise<MutationReport> {
  const session = await openSession(endpoint, concurrency)
  try {
    const probed = await probeCapabilities(capabilities, new Set(), `${session.run}m`, session)
    const present = new Set(probed.filter((result) => result.present).map((result) => result.id))
    const candidates = allCases.filter((subject) => canMutate(subject, present, only)).map(alone)
    const findFailing = async (
      cases: readonly ConformanceCase[],
      run: string,
      tamper?: Tampering,
    ): Promise<ReadonlySet<string>> => {
      const ruling = { reference: false, capabilities: probed }
      const context = { ...session, ...(tamper !== undefined && { tamper }) }
      const results = await runAll(cases, { run, concurrency, ruling }, context)
      return new Set(results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id))
    }
    const failingAnyway = await findFailing(candidates, `${session.run}n`)
    const subjects = candidates.filter(({ id }) => !failingAnyway.has(id))
    const failing = new Set<string>()
    const noticed = new Map<string, number>()
    for (const [index, tamper] of tamperings.entries()) {
      const failed = await findFailing(subjects, `${session.run}m${index}`, tamper)
      for (const id of failed) failing.add(id)
      noticed.set(tamper.id, failed.size)
    }
    // An endpoint that went away makes every case fail, which would prove nothing.
    const still = await openSession(endpoint, 1)
    still.client.close()
    const unableToFail = subjects.filter(({ id }) => !failing.has(id)).map(({ id }) => id)
    return {
      failingAnyway: [...failingAnyway],
      noticed,
      tested: subjects.length,
      unableToFail,
    }
  } finally {
    session.client.close()
  }
}

function canMutate(subject: ConformanceCase, present: ReadonlySet<string>, only: RegExp): boolean {
  const able = subject.capabilities?.every((id) => present.has(id)) ?? true
  return able && subject.kind !== 'observed' && only.test(subject.id)
}

/** Without its needs: under a tampering they fail as well, and would hide the case. */
function alone(subject: ConformanceCase): ConformanceCase {
  const { needs: _hidden, ...rest } = subject
  return rest
}
