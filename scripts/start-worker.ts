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
  readonly pid: number
  /** From the start of the process until it listened, ms. */
  readonly tookMs: number
  stop(): Promise<void>
}

/** Calls of the worker go anywhere, this machine included; `UPSTREAM` is what it is told of itself. */
const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "world", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-01",
  globalOutbound = "world",
  bindings = [(name = "UPSTREAM", fromEnvironment = "UPSTREAM")],
);
`

/**
 * Bundles the module `entry` and serves it on a free port of loopback.
 * @param upstream the origin it is told to call
 * @throws Error when workerd is not installed or does not start
 */
export async function startWorker(entry: URL, upstream = ''): Promise<RunningWorker> {
  const runtime = findRuntime('workerd')
  if (!runtime.found) throw new Error(runtime.reason)
  const folder = await mkdtemp(join(tmpdir(), 'aistore-worker-'))
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
  })
  await writeFile(join(folder, 'config.capnp'), config)
  // Descriptor 3: workerd says on it which port a socket got.
  const startedAt = performance.now()
  const child = spawn(runtime.path, ['serve', '--control-fd=3', join(folder, 'config.capnp')], {
    env: { ...process.env, UPSTREAM: upstream },
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
    pid: child.pid ?? 0,
    tookMs: performance.now() - startedAt,
    async stop() {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}
