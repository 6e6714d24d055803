// The containers' start command under the containers' limits, with no engine: each node in a control group of its own
// with 1 CPU and 256 MiB; then the whole suite.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeHuman } from 'aistore-conformance/runner/report/write-human.ts'
import { runConformance } from 'aistore-conformance/runner/run-conformance.ts'
import { createControlGroup } from './control-group.ts'
import { keptResults } from './kept-results.ts'

const entry = fileURLToPath(new URL('../deploy/containers/start-node.ts', import.meta.url))
const results = fileURLToPath(new URL('../conformance/results/container.json', import.meta.url))
const limits = { cpus: 1, memoryBytes: 256 * 1024 * 1024 }
const firstPort = 21_900
const startMs = 60_000

/** Starts a node as the image does; resolves when it serves. */
async function startNode(
  name: string,
  dir: string,
  index: number,
  environment: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const group = await createControlGroup(`aistore-${process.pid}-${name}`, limits)
  const port = firstPort + index * 10
  const child = spawn(process.execPath, [entry], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      AIS_CONTAINER_DIR: join(dir, name),
      AIS_HOST: '127.0.0.1',
      AIS_PORT: String(port),
      AIS_CONTROL_PORT: String(port + 1),
      AIS_DATA_PORT: String(port + 2),
      AIS_S3_PORT: String(port + 3),
      AIS_PRIMARY_EP: `http://127.0.0.1:${firstPort}`,
      ...environment,
    },
  })
  if (child.pid !== undefined) await group.add(child.pid)
  child.once('exit', () => void group.remove())
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} did not start in time`)), startMs)
    child.stdout?.on('data', (chunk) => {
      if (!String(chunk).includes('ready ')) return
      clearTimeout(timer)
      resolve()
    })
    child.once('exit', (code, signal) => reject(new Error(`${name} ended: ${code ?? signal}`)))
  })
  return child
}

const dir = await mkdtemp(join(tmpdir(), 'aistore-containers-'))
const nodes: ChildProcess[] = []
try {
  nodes.push(await startNode('gateway', dir, 0, { AIS_ROLE: 'proxy' }))
  for (const index of [1, 2, 3]) {
    const environment = { AIS_ROLE: 'target', AIS_MOUNTPATHS: 'mp1,mp2' }
    nodes.push(await startNode(`target-${index}`, dir, index, environment))
  }
  const report = await runConformance({ endpoint: `http://127.0.0.1:${firstPort}` })
  await writeFile(results, keptResults(report))
  console.log(writeHuman(report))
  process.exitCode = report.summary.failed === 0 && report.summary.passed > 0 ? 0 : 1
} finally {
  for (const node of nodes.reverse()) {
    if (node.exitCode !== null || node.signalCode !== null) continue
    const gone = new Promise((resolve) => node.once('exit', resolve))
    node.kill('SIGTERM')
    await gone
  }
  await rm(dir, { recursive: true, force: true })
}
