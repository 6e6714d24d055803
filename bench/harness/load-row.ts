import type { Cluster } from './cluster.ts'
import { runDiscard } from './discard-load.ts'
import { runHeads } from './head-load.ts'
import type { BareKind, Lab } from './lab.ts'
import type { Row, Subject } from './row.ts'
import { type Load, nameOf, runWrk } from './wrk.ts'

/** A row that puts one load on every server. */
export interface LoadRow {
  readonly name: string
  readonly question: string
  readonly method: 'GET' | 'HEAD' | 'PUT'
  readonly sizeBytes: number
  readonly names: number
  readonly connections: number
  readonly goals: Readonly<Record<'bun' | 'node', number>>
  /** Which of Bun's own servers the bare program uses: Bun.serve, or node:http where Bun.serve would lose something. */
  readonly bunProfile: 'bun-fast' | 'bun-faithful'
  /** `gateway` asks the gateway and takes its redirect for the answer; `target` follows it once, then asks there. */
  readonly at: 'gateway' | 'target'
  /** Query of the call to our servers. */
  readonly query?: string
  /** nginx answers this load with a redirect of its own. */
  readonly redirects?: boolean
}

const mb = 1e6

/** Bodies from here on are told in MB/s: requests of that size are no unit. */
const megabytesFrom = 1_048_576

async function fill(cluster: Cluster, label: string, row: LoadRow): Promise<void> {
  const bytes = Buffer.alloc(row.sizeBytes, 'x')
  for (let index = 0; index < row.names; index++)
    await cluster.put(`${label}${nameOf(index)}`, bytes)
}

/** Makes a row of a load: nginx (twice), the bare runtimes, ours on both, and the original where it runs. */
export function loadRow(row: LoadRow): Row {
  const inBytes = row.method !== 'HEAD' && row.sizeBytes >= megabytesFrom && !row.redirects
  const label = `${row.name}-`

  function subject(name: string, url: string, paths?: () => Promise<string[]>): Subject {
    const load: Load = {
      method: row.method,
      url,
      names: row.names,
      bodyBytes: row.method === 'PUT' ? row.sizeBytes : 0,
      connections: row.connections,
      ...(paths === undefined ? {} : { paths }),
    }
    return {
      name,
      async measure(seconds) {
        if (inBytes && row.method === 'GET') {
          const measure = await runDiscard(load, seconds)
          return { ...measure, value: measure.value / mb }
        }
        const run = row.method === 'HEAD' ? runHeads : runWrk
        const measure = await run(load, seconds)
        return inBytes ? { ...measure, value: (measure.value * row.sizeBytes) / mb } : measure
      },
    }
  }

  async function ours(name: string, cluster: Cluster): Promise<Subject> {
    if (row.method !== 'PUT') await fill(cluster, label, row)
    const { method, query } = row
    const isOurs = name !== 'original'
    if (isOurs) await cluster.setTags(method !== 'PUT')
    if (row.at === 'gateway') {
      return subject(name, `${cluster.endpoint}/v1/objects/bench/${label}%NAME%`)
    }
    const url = await cluster.targetUrl(method, query)
    const named = url.replace('%NAME%', `${label}%NAME%`)
    if (method === 'PUT' || !isOurs) return subject(name, named)
    const names = Array.from({ length: row.names }, (_, index) => label + nameOf(index))
    return subject(name, named, () => cluster.locate(method, names, query))
  }

  return {
    name: row.name,
    question: row.question,
    unit: inBytes ? 'MB/s' : 'requests/s',
    reference: 'nginx',
    goals: row.goals,
    warmsUp: true,
    async subjects(lab: Lab) {
      const files = lab.files(label, row.names, row.sizeBytes)
      const path = row.redirects ? `/redirect${files}` : files
      const nginx = await lab.nginx()
      const bares: readonly [string, BareKind][] = [
        ['bare-bun', row.bunProfile],
        ['bare-node', 'node-faithful'],
      ]
      const subjects = [
        subject('nginx', nginx.origin + path),
        subject('nginx-256k', nginx.sndbufOrigin + path),
      ]
      for (const [name, kind] of bares) {
        const server = await lab.bare(kind)
        // HEAD is measured against nginx's redirects (it opens nothing), but the bare runtime does the work itself.
        const own = row.redirects && row.at === 'target' ? files : path
        subjects.push(subject(name, server.origin + own))
      }
      subjects.push(await ours('bun', await lab.cluster('bun')))
      subjects.push(await ours('node', await lab.cluster('node')))
      const original = await lab.original()
      if (original !== undefined) subjects.push(await ours('original', original))
      return subjects
    },
  }
}
