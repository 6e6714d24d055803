import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs a program to its end. @throws Error with what it wrote to standard error */
export async function shell(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, [...args], { maxBuffer: 16 << 20 })
  return stdout
}

/** As `shell`, for clean-up: what is not there needs no removing. */
export async function tidy(command: string, ...args: readonly string[]): Promise<void> {
  await shell(command, ...args).catch(() => undefined)
}
