import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { startServer } from '../harness/command.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row, Subject } from '../harness/row.ts'

const launcher = fileURLToPath(new URL('../../node-daemon/src/launcher/main.ts', import.meta.url))

/** Time from the start of `npm start` with a new data folder to the first byte of an answer, ms. */
async function startCluster(lab: Lab, runtime: 'bun' | 'node'): Promise<number> {
  const dir = mkdtempSync(join(lab.dir, 'cold-'))
  const port = lab.port(8)
  const startedAt = performance.now()
  const server = await startServer({
    command: process.execPath,
    args: [launcher, '--runtime', runtime, '--data', dir, '--port', String(port)],
    env: { NODE_COMPILE_CACHE: join('node_modules', '.cache', 'aistore-ts') },
    readyText: 'AIStore is ready',
  })
  const answer = await fetch(`http://127.0.0.1:${port}/v1/health`)
  const tookMs = performance.now() - startedAt
  await answer.arrayBuffer()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
  return tookMs
}

/** The same for a server that does nothing but answer. */
async function startBare(lab: Lab, runtime: 'bun' | 'node'): Promise<number> {
  const port = lab.port()
  const entry = fileURLToPath(new URL('../bare/hello.ts', import.meta.url))
  const { command, args } = runtimeCommand(runtime, entry)
  const startedAt = performance.now()
  const server = await startServer({
    command,
    args: [...args, String(port)],
    readyText: 'ready ',
  })
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  const tookMs = performance.now() - startedAt
  await answer.arrayBuffer()
  await server.stop()
  return tookMs
}

function timed(name: string, measure: () => Promise<number>): Subject {
  return { name, measure: async () => ({ value: await measure() }) }
}

/** The whole machine, not one core: users start a cluster on all they have. Less is better. */
export const coldStart: Row = {
  name: 'cold-start',
  question: 'How long from npm start (1 gateway, 3 targets, new folder) to the first answer?',
  unit: 'ms',
  reference: 'bare-node',
  subjects: (lab) =>
    Promise.resolve([
      timed('bare-node', () => startBare(lab, 'node')),
      timed('bare-bun', () => startBare(lab, 'bun')),
      timed('node', () => startCluster(lab, 'node')),
      timed('bun', () => startCluster(lab, 'bun')),
    ]),
}
