// Starts a cluster per runtime, runs the suite on each, keeps the results, prints one table.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RuntimeName } from '@aistore-ts/runtime-adapters/runtimes.ts'
import type { Report } from 'aistore-conformance/runner/model/report.ts'
import { runConformance } from 'aistore-conformance/runner/run-conformance.ts'
import { enrolEdge, startEdge } from './edge-process.ts'
import { keptResults } from './kept-results.ts'

const launcher = fileURLToPath(new URL('../node-daemon/src/launcher/main.ts', import.meta.url))
const resultsFolder = fileURLToPath(new URL('../conformance/results/', import.meta.url))

/** What is certified: a name, the launcher's options that make it, and where an edge gateway before it runs. */
interface Subject {
  readonly name: string
  readonly what: string
  readonly args: readonly string[]
  readonly edge?: { readonly runtime: RuntimeName; readonly profile: string }
}

function edgeSubject(runtime: RuntimeName, profile: string): Subject {
  return {
    name: `edge-${runtime}`,
    what: `edge gateway on ${runtime} before a gateway and targets on Node`,
    args: ['--runtime', 'node'],
    edge: { runtime, profile },
  }
}

const subjects: readonly Subject[] = [
  { name: 'node', what: 'gateway and targets on Node', args: ['--runtime', 'node'] },
  { name: 'bun', what: 'gateway and targets on Bun', args: ['--runtime', 'bun'] },
  { name: 'deno', what: 'gateway on Deno, targets on Node', args: ['--runtime', 'deno'] },
  {
    name: 'mixed',
    what: 'gateways on Node, Deno and Bun, targets on Node and Bun',
    args: ['--runtime', 'mixed', '--proxies', '3'],
  },
  edgeSubject('workerd', 'edge'),
  edgeSubject('deno', 'gateway'),
  edgeSubject('bun', 'gateway'),
]

const firstPort = 21_080

async function start(args: readonly string[], dir: string, port: number): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [launcher, '--data', dir, '--port', String(port), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('AIStore is ready')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`the cluster did not start: ${said}`)))
  })
  return child
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** Takes the user away that a new cluster is given: without any, S3 is open, and its cases can be tested. */
async function openS3(endpoint: string): Promise<void> {
  const { status } = await fetch(`${endpoint}/v1/credentials/users/admin`, { method: 'DELETE' })
  if (status !== 200) throw new Error(`the user "admin" could not be removed: ${status}`)
}

/** The suite against an edge gateway before the cluster. */
async function certifyEdge(
  gateway: string,
  { runtime, profile }: NonNullable<Subject['edge']>,
): Promise<Report> {
  const edge = await startEdge(runtime, await enrolEdge(gateway, `edge-${runtime}`))
  try {
    return await runConformance({ endpoint: edge.endpoint, profile })
  } finally {
    await edge.stop()
  }
}

async function certify(subject: Subject, port: number): Promise<Report> {
  const dir = await mkdtemp(join(tmpdir(), 'aistore-conformance-'))
  const cluster = await start(subject.args, dir, port)
  try {
    const endpoint = `http://127.0.0.1:${port}`
    await openS3(endpoint)
    if (subject.edge !== undefined) return await certifyEdge(endpoint, subject.edge)
    return await runConformance({ endpoint })
  } finally {
    await stop(cluster)
    await rm(dir, { recursive: true, force: true })
  }
}

const wanted = process.argv.slice(2)
const known = new Set<string>(subjects.map(({ name }) => name))
const unknown = wanted.find((name) => !known.has(name))
if (unknown !== undefined) {
  process.stderr.write(`unknown subject "${unknown}": expecting ${[...known].join(', ')}\n`)
  process.exit(2)
}

await mkdir(resultsFolder, { recursive: true })
let port = firstPort
let failed = 0
const rows: string[] = []
for (const subject of subjects) {
  if (wanted.length > 0 && !wanted.includes(subject.name)) continue
  const report = await certify(subject, port)
  port += 20
  const { summary, results } = report
  await writeFile(join(resultsFolder, `${subject.name}.json`), keptResults(report))
  failed += summary.failed
  for (const result of results) {
    if (result.outcome === 'failed') rows.push(`  ${subject.name}: ${result.id}`)
  }
  process.stdout.write(
    `${subject.name.padEnd(12)} ${String(summary.passed).padStart(4)} passed, ${summary.failed} failed, ${summary.notTested} not tested   (${subject.what})\n`,
  )
}
for (const row of rows) process.stdout.write(`${row}\n`)
process.exit(failed === 0 ? 0 : 1)
