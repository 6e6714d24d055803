import { spawn } from 'node:child_process'

export interface RunOptions {
  /** On top of this process' own. */
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
  /** Then it is killed, ms. */
  readonly timeoutMs?: number
  /** Kills it. */
  readonly signal?: AbortSignal
  /** Called with what it prints as it prints it. */
  readonly onOutput?: (text: string) => void
}

export interface Outcome {
  /** `undefined` when it was killed. */
  readonly code: number | undefined
  readonly out: string
  readonly err: string
}

/** Settings of Amazon's tools that this machine has are none of a test's. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')))
}

/** Runs a program to its end. @throws Error when it is not there */
export function run(
  program: string,
  args: readonly string[],
  { environment = {}, folder, timeoutMs, signal, onOutput }: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...withoutAws(process.env), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(folder === undefined ? {} : { cwd: folder }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    })
    const kill = () => child.kill('SIGKILL')
    signal?.addEventListener('abort', kill, { once: true })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      onOutput?.(chunk.toString())
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => {
      signal?.removeEventListener('abort', kill)
      resolve({ code: code ?? undefined, out, err })
    })
  })
}
