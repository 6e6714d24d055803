import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findRuntime, runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { expect, it } from 'vitest'

const run = promisify(execFile)

/** Virtual time is cheap, but the machine may be busy. */
const patienceMs = 240_000
/** Seeds with and without objects, that take a second or less each. */
const seeds = ['1', '3', '5', '9']
const program = fileURLToPath(new URL('../simulation/src/testing/print-traces.ts', import.meta.url))

async function traces(runtime: 'node' | 'bun' | 'deno'): Promise<readonly string[]> {
  const { command, args } = runtimeCommand(runtime, program)
  const { stdout } = await run(command, [...args, ...seeds], { timeout: patienceMs })
  return stdout.trim().split('\n')
}

const others = (['bun', 'deno'] as const).filter((name) => findRuntime(name).found)

it.each(others)(
  'a seed has one trace, on Node as on %s',
  { timeout: patienceMs },
  async (other) => {
    const onNode = await traces('node')
    expect(onNode.map((line) => line.split(' ')[0])).toEqual(seeds)
    expect(await traces(other)).toEqual(onNode)
  },
)
