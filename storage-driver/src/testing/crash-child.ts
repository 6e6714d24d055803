// A process that works on a mountpath until it kills itself, or is killed. Arguments: one JSON object.
import { openSync, writeSync } from 'node:fs'
import type { Durability } from '@aistore-ts/core/ports/mountpath.ts'
import { createNodeClock } from '@aistore-ts/runtime-adapters/node/clock.ts'
import { openMountpath } from '../mountpath/open-mountpath.ts'
import { createManualClock } from './manual-clock.ts'
import { bucketRef, mountpathOptions } from './mountpath-bench.ts'
import { type AccountLine, runMoves, runSmall, runWorkload } from './workload.ts'

/** What the child is told to do. */
export interface CrashTask {
  readonly path: string
  readonly accountFile: string
  readonly seed: number
  readonly durability: Durability
  /** `mixed` unless said otherwise. */
  readonly workload?: 'mixed' | 'small' | 'moves' | 'removals' | undefined
  readonly workers: number
  readonly changesPerWorker: number
  readonly firstVersion: number
  /** Open intents that start a directory sync. */
  readonly intentBatch: number
  /** Dies at the `count`-th time that this step was done; never when absent. */
  readonly die?: { readonly step: string; readonly count: number } | undefined
}

const task: CrashTask = JSON.parse(process.argv[2] ?? '')
const account = openSync(task.accountFile, 'a')
let seen = 0

const mountpath = await openMountpath(task.path, {
  ...mountpathOptions(createManualClock()),
  clock: createNodeClock(),
  limits: {
    intentBatch: task.intentBatch,
    intentDelayMs: 10,
    writeOutDelayMs: 2,
    writeOutBatch: task.intentBatch,
    writeOutStep: 3,
    reserveBytes: 0,
    checkpointChanges: 64,
  },
  crashPoint: (step) => {
    if (step === task.die?.step && ++seen === task.die.count) process.kill(process.pid, 'SIGKILL')
  },
})
const bucket = bucketRef('bench', 1n)
await mountpath.createBucket(bucket)
const workload = {
  ...task,
  mountpath,
  bucket,
  account: (line: AccountLine) => void writeSync(account, `${JSON.stringify(line)}\n`),
}
const tellStarted = () => void process.stdout.write('open\n')
switch (task.workload ?? 'mixed') {
  case 'moves':
    await runMoves(workload, 99, tellStarted)
    break
  case 'removals':
    await runMoves(workload, 0, tellStarted)
    break
  case 'small':
    tellStarted()
    await runSmall(workload)
    break
  case 'mixed':
    tellStarted()
    await runWorkload(workload)
}
await mountpath.close()
