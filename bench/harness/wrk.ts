import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clientCore, run, serverCore } from './command.ts'
import { watchCore } from './core-load.ts'
import type { Measure } from './row.ts'

const script = fileURLToPath(new URL('../wrk/cycle.lua', import.meta.url))

/** A load of equal requests over a cycle of names. */
export interface Load {
  readonly method: 'GET' | 'HEAD' | 'PUT'
  /** URL whose `%NAME%` becomes each of the names in turn. */
  readonly url: string
  readonly names: number
  /** Length of the body of a PUT. */
  readonly bodyBytes: number
  readonly connections: number
  /** Path and query of each name, asked for before every run, where they are no pattern of `url`; for wrk, header lines behind tabs. */
  readonly paths?: () => Promise<readonly string[]>
}

/** Name number `index` of a load, as the script makes it. */
export function nameOf(index: number): string {
  return `o${index}`
}

const toMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000 }

function latency(out: string, percent: string): number {
  const match = new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s|m)\\s*$`, 'm').exec(out)
  return Number(match?.[1] ?? Number.NaN) * (toMs[match?.[2] ?? ''] ?? Number.NaN)
}

/**
 * Runs wrk on the client's core; `value` is requests a second.
 * @throws Error when the connection broke or an answer was no success: a wrong answer can be very quick
 */
export async function runWrk(load: Load, seconds: number): Promise<Measure> {
  const { origin } = new URL(load.url)
  const list = load.paths && join(tmpdir(), `aistore-bench-${process.pid}.txt`)
  if (list !== undefined) await writeFile(list, ((await load.paths?.()) ?? []).join('\n'))
  const server = watchCore(serverCore)
  const client = watchCore(clientCore)
  const out = await run('taskset', [
    ...['-c', String(clientCore), 'wrk', '--latency', '-t', '1'],
    ...['-c', String(load.connections), '-d', `${seconds}s`, '--timeout', '20s', '-s', script],
    ...[origin, '--', load.method, load.url.slice(origin.length)],
    ...[String(load.names), String(load.bodyBytes), ...(list === undefined ? [] : [list])],
  ])
  if (list !== undefined) await rm(list)
  const wrong = /Non-2xx or 3xx responses: (\d+)/.exec(out)
  if (wrong) throw new Error(`${load.url}: ${wrong[1]} answers were no success`)
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(out)
  if (broken) throw new Error(`${load.url}: ${broken[0]}`)
  const rate = Number(/^Requests\/sec:\s+([\d.]+)/m.exec(out)?.[1])
  if (!(rate > 0)) throw new Error(`wrk said nothing useful: ${out}`)
  return {
    value: rate,
    p50Ms: latency(out, '50'),
    p99Ms: latency(out, '99'),
    serverBusy: server(),
    clientBusy: client(),
  }
}
