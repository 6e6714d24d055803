import { findProgram, run } from './command.ts'
import type { Lab } from './lab.ts'
import type { Measure, Row, Subject } from './row.ts'

/** A row that the original's own load generator measures, as its users do: on the whole machine, through the gateway. */
export interface LoaderRow {
  readonly name: string
  readonly question: string
  readonly method: 'GET' | 'PUT'
  readonly sizeBytes: number
}

/** Names the original's load generator where it is not on the PATH. */
const loaderVariable = 'AISTORE_LOADER'

const workers = 16

/** Writes before a row of reads, s. */
const fillSeconds = 3

const mb = 1e6
const nsPerSecond = 1e9

/** Counts of one method as the generator writes them: 64-bit integers as text. */
interface LoaderCounts {
  readonly count: string
  readonly bytes: string
  readonly errors: number
  readonly latency: number
  readonly duration: number
}

interface LoaderStats {
  readonly get: LoaderCounts
  readonly put: LoaderCounts
}

/** The last of the generator's reports is that of the whole run. */
function readStats(out: string): LoaderStats {
  const from = out.indexOf('[\n')
  const to = out.lastIndexOf('\n]')
  const reports: readonly LoaderStats[] =
    from < 0 || to < from ? [] : JSON.parse(out.slice(from, to + 2))
  const last = reports.at(-1)
  if (last === undefined) throw new Error(`aisloader said nothing useful: ${out}`)
  return last
}

export function loaderRow({ name, question, method, sizeBytes }: LoaderRow): Row {
  const bucket = `ais://${name}`
  const inBytes = sizeBytes >= 1_048_576

  async function load(
    program: string,
    endpoint: string,
    as: 'GET' | 'PUT',
    seconds: number,
  ): Promise<LoaderCounts> {
    const { hostname, port } = new URL(endpoint)
    const out = await run('taskset', [
      ...['-c', '0,1', program, `-bucket=${bucket}`, `-duration=${seconds}s`],
      ...[`-numworkers=${workers}`, `-minsize=${sizeBytes}`, `-maxsize=${sizeBytes}`],
      ...[`-pctput=${as === 'PUT' ? 100 : 0}`, '-cleanup=false', '-json', '-statsinterval=1'],
      ...[`-ip=${hostname}`, `-port=${port}`],
    ])
    const stats = readStats(out)
    const counts = as === 'PUT' ? stats.put : stats.get
    if (counts.errors > 0) throw new Error(`${endpoint}: ${counts.errors} calls failed`)
    return counts
  }

  function subject(program: string, of: string, endpoint: string): Subject {
    let filled = method === 'PUT'
    return {
      name: of,
      async measure(seconds): Promise<Measure> {
        if (!filled) await load(program, endpoint, 'PUT', fillSeconds)
        filled = true
        const { count, bytes, duration } = await load(program, endpoint, method, seconds)
        const took = duration / nsPerSecond
        return { value: inBytes ? Number(bytes) / mb / took : Number(count) / took }
      },
    }
  }

  return {
    name,
    question,
    unit: inBytes ? 'MB/s' : 'requests/s',
    reference: 'original',
    goals: { bun: 1, node: 1 },
    warmsUp: true,
    needs: `${loaderVariable}, or aisloader on the PATH, and AISTORE_ORIGINAL_CLUSTER`,
    async subjects(lab: Lab) {
      const program = process.env[loaderVariable] ?? findProgram('aisloader')
      const original = await lab.wideOriginal()
      if (program === undefined || original === undefined) return []
      const bun = await lab.wideCluster('bun')
      const node = await lab.wideCluster('node')
      return [
        subject(program, 'original', original.endpoint),
        subject(program, 'bun', bun.endpoint),
        subject(program, 'node', node.endpoint),
      ]
    },
  }
}
