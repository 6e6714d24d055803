import { type RunOptions, run } from '../stock/run-program.ts'

/** Most time of one command of a client, ms. */
const commandMs = 240_000

/** What a client is given: an endpoint, a key pair, a bucket's name of its own and a folder to work in. */
export interface Setting {
  /** URL of S3 at the root. */
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  readonly folder: string
  /** The usual variables of Amazon's tools, and a home that is empty. */
  readonly environment: Readonly<Record<string, string>>
}

/** A stock client, as its makers ship it. */
export interface Client {
  readonly name: string
  /** Gets what it needs; the program to run. @throws Error with the reason why it cannot be had */
  prepare(): Promise<string>
  /** Uses it in earnest. @returns what it did @throws Error of the first thing that went wrong */
  exercise(program: string, setting: Setting): Promise<string>
}

/** Runs a command of a client; what it printed. @throws Error when it fails */
export async function command(
  setting: Setting,
  program: string,
  args: readonly string[],
  environment: RunOptions['environment'] = {},
): Promise<string> {
  const { code, out, err } = await run(program, args, {
    folder: setting.folder,
    environment: { ...setting.environment, ...environment },
    timeoutMs: commandMs,
  })
  if (code === 0) return out
  const said = `${out}\n${err}`.trim().split('\n').slice(-6).join(' | ')
  throw new Error(`${args.slice(0, 4).join(' ')} ended with ${code ?? 'a timeout'}: ${said}`)
}

/** @throws Error when a client did not print what it should */
export function expectText(text: string, wanted: string, what: string): void {
  if (!text.includes(wanted)) throw new Error(`${what}: expected "${wanted}" in "${text.trim()}"`)
}
