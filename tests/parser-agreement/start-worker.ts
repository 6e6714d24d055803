import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRuntime } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { build } from 'esbuild'

/** A worker on workerd, in a process of its own. */
export interface RunningWorker {
  readonly port: number
  stop(): Promise<void>
}

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-01",
);
`

/**
 * Bundles `entry`, a module beside this one, and serves it on a free port of loopback.
 * @throws Error when workerd is not installed or does not start
 */
export async function startWorker(entry: string): Promise<RunningWorker> {
  const runtime = findRuntime('workerd')
  if (!runtime.found) throw new Error(runtime.reason)
  const folder = await mkdtemp(join(tmpdir(), 'aistore-worker-'))
  await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
  })
  await writeFile(join(folder, 'config.capnp'), config)
  // Descriptor 3: workerd says on it which port a socket got.
  const child = spawn(runtime.path, ['serve', '--control-fd=3', join(folder, 'config.capnp')], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr?.on('data', (chunk) => {
    complaints += String(chunk)
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    let said = ''
    child.stdio[3]?.on('data', (chunk) => {
      said += String(chunk)
      const found = /"port":\s*(\d+)/.exec(said)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
    child.once('exit', (code) => reject(new Error(`workerd ended with ${code}: ${complaints}`)))
  })
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}
