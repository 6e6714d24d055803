import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { clientCore, run, serverCore } from './command.ts'
import { watchCore } from './core-load.ts'
import type { Measure } from './row.ts'
import { type Load, nameOf } from './wrk.ts'

const program = fileURLToPath(new URL('./discard-program.ts', import.meta.url))

interface Told {
  readonly bytes: number
  readonly seconds: number
  readonly p50Ms?: number
  readonly p99Ms?: number
}

/**
 * GETs of large objects by a client that copies no byte of them; `value` is bytes a second. wrk reads 8 KiB at a time, and
 * would be the bottleneck.
 * @throws Error when a connection broke or an answer was no success
 */
export async function runDiscard(load: Load, seconds: number): Promise<Measure> {
  const { origin, port } = new URL(load.url)
  const pattern = load.url.slice(origin.length)
  const named = Array.from({ length: load.names }, (_, at) => pattern.replace('%NAME%', nameOf(at)))
  const list = join(tmpdir(), `aistore-bench-${process.pid}.txt`)
  await writeFile(list, ((await load.paths?.()) ?? named).join('\n'))
  const { command, args } = runtimeCommand('bun', program)
  const server = watchCore(serverCore)
  const client = watchCore(clientCore)
  const out = await run('taskset', [
    ...['-c', String(clientCore), command, ...args],
    ...[port, String(load.connections), String(seconds), list],
  ])
  await rm(list)
  const told: Told = JSON.parse(out)
  return {
    value: told.bytes / told.seconds,
    p50Ms: told.p50Ms,
    p99Ms: told.p99Ms,
    serverBusy: server(),
    clientBusy: client(),
  }
}
