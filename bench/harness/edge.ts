import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { enrolEdge, startEdge } from '../../scripts/edge-process.ts'
import { startWorker } from '../../scripts/start-worker.ts'
import { run, type Server, serverCore } from './command.ts'

/** Where an edge gateway runs. */
export type EdgeRuntime = 'workerd' | 'deno' | 'bun'

export const edgeRuntimes: readonly EdgeRuntime[] = ['workerd', 'deno', 'bun']

/** A gateway at the edge, or the least that does the same. */
export interface EdgeServer extends Server {
  readonly origin: string
  readonly pid: number
}

const worker = new URL('../bare/edge-worker.ts', import.meta.url)
const listener = fileURLToPath(new URL('../bare/edge-listener.ts', import.meta.url))

async function toServerCore(pid: number): Promise<void> {
  await run('taskset', ['-a', '-p', '-c', String(serverCore), String(pid)])
}

let enrolled = 0

/** An edge gateway of the cluster behind `gateway`, on the servers' core. */
export async function startEdgeGateway(
  gateway: string,
  runtime: EdgeRuntime,
  reach: 'targets' | 'edge',
  cache: 'validate' | 'off' = 'validate',
): Promise<EdgeServer> {
  enrolled += 1
  const variables = await enrolEdge(gateway, `bench-${process.pid}-${enrolled}`)
  const edge = await startEdge(runtime, {
    ...variables,
    AIS_EDGE_REACH: reach,
    AIS_EDGE_CACHE: cache,
  })
  await toServerCore(edge.pid)
  return { origin: edge.endpoint, pid: edge.pid, stop: edge.stop }
}

/** What passes calls through to `upstream` and redirects below `/redirect/`, on the servers' core. */
export async function startBareEdge(upstream: string, runtime: EdgeRuntime): Promise<EdgeServer> {
  if (runtime === 'workerd') {
    const { port, pid, stop } = await startWorker(worker, upstream)
    await toServerCore(pid)
    return { origin: `http://127.0.0.1:${port}`, pid, stop }
  }
  const { command, args, environment } = runtimeCommand(runtime, listener)
  const child = spawn(command, [...args, upstream], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
      const found = /ready at (\d+)\n/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`${runtime} did not start`)))
  })
  const pid = child.pid ?? 0
  await toServerCore(pid)
  return {
    origin: `http://127.0.0.1:${port}`,
    pid,
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}
