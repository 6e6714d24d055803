import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DaemonRuntime } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'

/** A node as the launcher holds it. */
export interface NodeProcess {
  readonly name: string
  readonly runtime: DaemonRuntime
  readonly pid: number | undefined
  /** Resolves when the node says that it serves. Rejects with what it wrote when it goes before. */
  readonly ready: Promise<void>
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
  /** Tail of what it wrote to standard error. */
  lastWords(): string
  /** Asks it to stop, with the whole cluster: it sees the end of its standard input. */
  terminate(): void
  kill(): void
}

export interface NodeProcessOptions {
  readonly name: string
  readonly runtime: DaemonRuntime
  readonly args: readonly string[]
  /** Folder the node may write to; Deno is given no more. */
  readonly dir: string
  /** Other folders that it reads. */
  readonly readable?: readonly string[]
  /** What its environment has beside that of the launcher. */
  readonly environment?: Readonly<Record<string, string>>
}

/** The sources of the repository, or a package that was built of them. */
const isSource = import.meta.url.endsWith('.ts')

const entry = fileURLToPath(new URL(isSource ? '../aisnode.ts' : './aisnode.js', import.meta.url))

/** Compiled code of earlier starts: a node is up in a fifth of the time. */
const compileCache = fileURLToPath(
  new URL(isSource ? '../../../node_modules/.cache/aistore-ts' : '../.cache', import.meta.url),
)

/** Threads for disk work and syncs: one for each of the transfers a small machine can feed. */
const threadPoolSize = '8'

/** Tail of a node's error output that is kept for its obituary, in characters. */
const errorTailMax = 4_096

/**
 * Starts a node in a process group of its own, so that Ctrl-C reaches the launcher alone. The node watches its
 * standard input and goes when the launcher is gone, however that went.
 */
export function startNodeProcess(options: NodeProcessOptions): NodeProcess {
  const { command, args, environment } = runtimeCommand(options.runtime, entry, {
    read: [options.dir, ...(options.readable ?? [])],
    write: [options.dir],
  })
  const child: ChildProcess = spawn(command, [...args, ...options.args, '-watch_stdin'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...environment,
      ...process.env,
      ...options.environment,
      UV_THREADPOOL_SIZE: threadPoolSize,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compileCache,
      NODE_NO_WARNINGS: '1',
    },
  })
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-errorTailMax)
  })
  // A node that goes while the launcher writes to it must not take the launcher along.
  child.stdin?.on('error', () => undefined)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const ready = new Promise<void>((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-errorTailMax)
      if (said.includes('ready ') || said.includes('standing by ')) resolve()
    })
    child.once('error', (error) => reject(new Error(`${options.name}: ${error.message}`)))
    child.once('exit', (code, signal) => {
      const how = signal === null ? `status ${code}` : signal
      const why = errors.trim().split('\n')[0] ?? ''
      reject(new Error(`${options.name} ended (${how})${why === '' ? '' : `: ${why}`}`))
    })
  })
  ready.catch(() => undefined)
  return {
    name: options.name,
    runtime: options.runtime,
    pid: child.pid,
    ready,
    gone,
    lastWords: () => errors.trim(),
    terminate: () => child.stdin?.end(),
    kill: () => child.kill('SIGKILL'),
  }
}
