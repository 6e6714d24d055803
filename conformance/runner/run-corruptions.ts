import { capabilities } from '../cases/capabilities.ts'
import { allCases } from '../cases/registry.ts'
import { startCorruptingProxy } from '../corruptions/corrupting-proxy.ts'
import type { Corruption } from '../corruptions/corruption.ts'
import { allCorruptions } from '../corruptions/list.ts'
import { probeCapabilities } from './execute/probe-capabilities.ts'
import { runAll } from './execute/run-all.ts'
import type { ConformanceCase } from './model/case.ts'
import { openSession } from './open-session.ts'

/** What became of one corruption. */
export interface CorruptionResult {
  readonly id: string
  /** Messages it changed in the cases that were run. */
  readonly touched: number
  /** Cases that passed without it and failed with it. */
  readonly noticedBy: readonly string[]
}

/** Which corruptions the suite noticed, through a proxy that does one at a time. */
export interface CorruptionReport {
  /** Cases that pass through the proxy while it corrupts nothing. */
  readonly cases: number
  /** Cases that do not, and were left out: they look at what a proxy changes by being there. */
  readonly leftOut: readonly string[]
  readonly results: readonly CorruptionResult[]
}

/**
 * Proves the suite: puts a corrupting proxy before every node of the cluster, and runs for each corruption
 * first the cases that are expected to notice, then, if none did, all others.
 * @throws Error when the endpoint is no gateway of a cluster, or does not answer
 */
export async function runCorruptions(
  endpoint: string,
  only: RegExp,
  concurrency: number,
  onResult: (result: CorruptionResult) => void,
): Promise<CorruptionReport> {
  const direct = await openSession(endpoint, 1)
  direct.client.close()
  const proxy = await startCorruptingProxy(direct.map, direct.endpoint)
  const session = await openSession(proxy.endpoint, concurrency)
  try {
    const probed = await probeCapabilities(capabilities, new Set(), `${session.run}c`, session)
    const ruling = { reference: false, capabilities: probed }
    const run = async (cases: readonly ConformanceCase[], mark: string) => {
      const results = await runAll(
        cases,
        { run: `${session.run}${mark}`, concurrency, ruling },
        session,
      )
      return (outcome: string) =>
        new Set(results.filter((result) => result.outcome === outcome).map(({ id }) => id))
    }
    const asked = allCases
      .filter(({ kind }) => kind !== 'observed')
      .map(({ needs: _alone, ...subject }): ConformanceCase => subject)
    const passed = (await run(asked, 'n'))('passed')
    const subjects = asked.filter(({ id }) => passed.has(id))

    const noticed = async (corruption: Corruption, mark: string): Promise<CorruptionResult> => {
      const expected = subjects.filter(({ id }) => corruption.cases.test(id))
      const others = subjects.filter(({ id }) => !corruption.cases.test(id))
      proxy.corrupt(corruption)
      let failed = (await run(expected, mark))('failed')
      if (failed.size === 0) failed = (await run(others, `${mark}o`))('failed')
      const { touched } = proxy
      proxy.corrupt(undefined)
      return { id: corruption.id, touched, noticedBy: [...failed] }
    }
    const results: CorruptionResult[] = []
    for (const [index, corruption] of allCorruptions.entries()) {
      if (!only.test(corruption.id)) continue
      const result = await noticed(corruption, `c${index}`)
      results.push(result)
      onResult(result)
    }
    // A cluster that went away makes every case fail, which would prove nothing.
    const still = await openSession(endpoint, 1)
    still.client.close()
    const leftOut = asked.filter(({ id }) => !passed.has(id)).map(({ id }) => id)
    return { cases: subjects.length, leftOut, results }
  } finally {
    session.client.close()
    proxy.close()
  }
}
