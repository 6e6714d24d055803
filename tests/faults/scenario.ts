import type { Lab, LabShape, View } from './lab.ts'
import type { LabNode } from './lab-node.ts'
import { type Ledger, startLedger } from './ledger.ts'

/** One way to break a cluster, and what must hold then. */
export interface Scenario {
  /** As in the fault table: A01, E02. */
  readonly id: string
  readonly title: string
  readonly shape: LabShape
  /** Part of the short selection. */
  readonly short?: boolean
  run(trial: Trial): Promise<void>
}

/** What a scenario works with. */
export interface Trial {
  readonly lab: Lab
  readonly seed: number
  /** How long a scenario without an end of its own goes on. */
  readonly minutes: number
  /** A verifying load on a bucket of its own: 100 keys of up to 8,000 bytes, when not told. */
  load(keysPerWriter?: number, bytesMax?: number): Promise<Ledger>
  /** Waits until `holds`; resolves with how long it took, ms. @throws Error after `intervals` keepalive periods */
  within(intervals: number, what: string, holds: () => Promise<boolean>): Promise<number>
  /** All of these see one Smap with so many nodes. */
  agree(nodes: readonly LabNode[], proxies: number, targets: number): Promise<boolean>
  pause(intervals: number): Promise<void>
  check(holds: boolean, what: string): void
  /**
   * No call failed. On a machine that is busy with other things a target may be out of touch with the primary for longer
   * than its lease: what it refuses then (503) is only counted.
   */
  allServed(failures: ReadonlyMap<string, number>, what: string): void
  figure(name: string, value: number | string): void
}

const lookMs = 50
/** Of a usual load's objects. */
const usualBytesMax = 8_000

/** Whether a failed call of the load was answered, with a refusal for the moment. */
const isRefusal = (failure: string) => / 503 /.test(failure)

export interface Findings {
  readonly figures: Record<string, number | string>
  readonly problems: string[]
}

/** A trial, what it found, and the end of its loads, whether the scenario came to them or not. */
export interface RunningTrial {
  readonly trial: Trial
  readonly findings: Findings
  end(): Promise<void>
}

/** How a trial is run. */
export interface TrialOptions {
  readonly seed: number
  /** How many times longer than promised everything may take: on a machine that is busy with other things. */
  readonly slack: number
  readonly minutes: number
}

export function createTrial(lab: Lab, { seed, slack, minutes }: TrialOptions): RunningTrial {
  const ledgers: Ledger[] = []
  const findings: Findings = { figures: {}, problems: [] }
  const sleep = (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs))
  const trial: Trial = {
    lab,
    seed,
    minutes,
    async load(keysPerWriter = 25, bytesMax = usualBytesMax) {
      const ledger = await startLedger({
        seed,
        gateways: lab.proxies,
        bucket: 'ledger',
        writers: 4,
        keysPerWriter,
        bytesMax,
        slack,
      })
      ledgers.push(ledger)
      return ledger
    },
    async within(intervals, what, holds) {
      const start = performance.now()
      const limit = intervals * lab.intervalMs * slack
      for (;;) {
        if (await holds()) {
          const tookMs = Math.round(performance.now() - start)
          findings.figures[what] = `${tookMs} ms`
          return tookMs
        }
        if (performance.now() - start > limit) {
          const views = await Promise.all(lab.nodes.map((node) => lab.view(node)))
          throw new Error(
            `${what}: not within ${intervals * slack} K; ${describe(lab.nodes, views)}`,
          )
        }
        await sleep(lookMs)
      }
    },
    async agree(nodes, proxies, targets) {
      const views = await Promise.all(nodes.map((node) => lab.view(node)))
      const [first] = views
      return views.every(
        (view) =>
          view !== undefined &&
          view.version === first?.version &&
          view.proxies === proxies &&
          view.targets === targets,
      )
    },
    async pause(intervals) {
      await sleep(intervals * lab.intervalMs)
    },
    check(holds, what) {
      if (!holds) findings.problems.push(what)
    },
    allServed(failures, what) {
      let refused = 0
      for (const [failure, times] of failures) {
        if (slack > 1 && isRefusal(failure)) refused += times
        else findings.problems.push(`${what}: ${failure} (${times} times)`)
      }
      if (refused > 0) findings.figures['refused for the moment'] = refused
    },
    figure(name, value) {
      findings.figures[name] = value
    },
  }
  const end = async () => void (await Promise.all(ledgers.map((ledger) => ledger.stop())))
  return { trial, findings, end }
}

function describe(nodes: readonly LabNode[], views: readonly (View | undefined)[]): string {
  return nodes
    .map((node, at) => {
      const view = views[at]
      const seen = view ? `v${view.version} ${view.proxies}p${view.targets}t` : 'no answer'
      return `${node.role}-${node.machine}: ${seen}`
    })
    .join('; ')
}
