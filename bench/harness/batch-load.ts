import { fileURLToPath } from 'node:url'
import { bucket, type Cluster } from './cluster.ts'
import { run } from './command.ts'
import type { Measure } from './row.ts'

/** Names a Python that has AIStore's SDK (`pip install aistore`). */
export const pythonVariable = 'AISTORE_PYTHON'

const pythonProgram = fileURLToPath(new URL('./batch.py', import.meta.url))
const program = fileURLToPath(new URL('./batch-program.ts', import.meta.url))

/** Objects of a batch, and of a pass of GETs. */
const objects = 1_000

/** Objects of one size in a cluster. */
export interface BatchObjects {
  readonly cluster: Cluster
  readonly prefix: string
  readonly sizeBytes: number
}

/** Calls of the Python SDK, one for each object or one for all; or GETs of ours, so many in flight. */
export type BatchWay = 'put' | 'gets' | 'batch' | 'sdk-1' | 'sdk-16'

/** The Python that is named, or `undefined`. */
export function findPython(): string | undefined {
  return process.env[pythonVariable]
}

/** Puts the objects there. */
export async function fillBatch(python: string, filled: BatchObjects): Promise<BatchObjects> {
  await runBatch(python, filled, 'put', 0)
  return filled
}

/** Passes over all objects until `seconds` are over, on the whole machine; `value` is objects a second. */
export async function runBatch(
  python: string,
  { cluster, prefix, sizeBytes }: BatchObjects,
  way: BatchWay,
  seconds: number,
): Promise<Measure> {
  const [command, how] = way.startsWith('sdk-')
    ? [[process.execPath, program], way.slice('sdk-'.length)]
    : [[python, pythonProgram], way]
  const out = await run('taskset', [
    ...['-c', '0,1', ...command, cluster.endpoint, bucket, prefix],
    ...[String(objects), String(sizeBytes), how, String(seconds)],
  ])
  const times: readonly number[] = JSON.parse(out)
  const took = times.reduce((sum, ms) => sum + ms, 0)
  const sorted = [...times].sort((a, b) => a - b)
  return { value: (times.length * objects * 1_000) / took, p50Ms: sorted[sorted.length >> 1] }
}
