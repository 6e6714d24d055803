import { Worker } from 'node:worker_threads'
import type { CheckpointReport, SqliteCheckpoint } from '@aistore-ts/core/ports/sqlite.ts'
import type { CheckpointAnswer, CheckpointRequest } from './checkpoint-worker.ts'

/** From source the worker is a `.ts` file beside this one, in what is published a `.js` file. */
const workerUrl = new URL(
  `./checkpoint-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
)

interface Waiting {
  resolve(report: CheckpointReport): void
  reject(error: unknown): void
}

/**
 * Checkpoints in one worker thread, begun with the first of them: the two syncs and the copying of pages between them
 * would otherwise hold up every request.
 */
export function createSqliteCheckpoint(): SqliteCheckpoint {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let asked = 0

  const settle = (id: number, run: (one: Waiting) => void): void => {
    const one = waiting.get(id)
    if (one === undefined) return
    waiting.delete(id)
    // An idle worker does not keep the process alive.
    if (waiting.size === 0) worker?.unref()
    run(one)
  }

  const start = (): Worker => {
    const started = new Worker(workerUrl)
    started.on('message', (answer: CheckpointAnswer) => {
      settle(answer.id, (one) => {
        if ('reason' in answer) one.reject(checkpointError(answer.reason, answer.errcode))
        else one.resolve({ logPages: answer.logPages, movedPages: answer.movedPages })
      })
    })
    const end = (reason: unknown): void => {
      if (worker !== started) return
      worker = undefined
      for (const id of [...waiting.keys()]) {
        settle(id, (one) => one.reject(checkpointError(`the worker ended: ${reason}`)))
      }
    }
    started.on('error', end)
    started.on('exit', end)
    return started
  }

  return (path) =>
    new Promise((resolve, reject) => {
      const id = ++asked
      waiting.set(id, { resolve, reject })
      worker ??= start()
      worker.ref()
      worker.postMessage({ id, path } satisfies CheckpointRequest)
    })
}

function checkpointError(reason: string, errcode?: number): Error {
  return Object.assign(new Error(`checkpoint failed: ${reason}`), { errcode })
}
