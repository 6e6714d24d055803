import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Cores of a measurement: servers on the first, everything else on the second. */
export const serverCore = 0
export const clientCore = 1

/** The program called `name`, looked up as a shell would, or `undefined`. */
export function findProgram(name: string): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/bin']) {
    try {
      const path = join(folder, name)
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not here
    }
  }
  return undefined
}

/** Output of a program that ended well. @throws Error with what it wrote to standard error */
export function run(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(out)
      else reject(new Error(`${command} ended with status ${code}: ${errors.trim()} ${out.trim()}`))
    })
  })
}

/** A server that runs until it is stopped. */
export interface Server {
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly command: string
  readonly args: readonly string[]
  /** Core to stay on; all of them when absent. */
  readonly core?: number
  /** The server serves as soon as it has written this to standard output. */
  readonly readyText: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a server and resolves when it says that it serves. @throws Error with what it wrote when it ends before */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { command, args, core, readyText, env } = options
  const child: ChildProcess = spawn(
    'taskset',
    // The harness itself is bound to one core, and its children would be.
    ['-c', core === undefined ? `${serverCore},${clientCore}` : String(core), command, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  )
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-65_536)
      if (said.includes(readyText)) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', reject)
    gone.then(() => reject(new Error(`${command} did not start: ${said}`)))
  })
  return {
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}
