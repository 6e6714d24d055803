import { DatabaseSync } from 'node:sqlite'
import { parentPort } from 'node:worker_threads'

/** Asks for a checkpoint of the database at `path`; the answer carries the same `id`. */
export interface CheckpointRequest {
  readonly id: number
  readonly path: string
}

export type CheckpointAnswer =
  | { readonly id: number; readonly logPages: number; readonly movedPages: number }
  | { readonly id: number; readonly reason: string; readonly errcode: number | undefined }

parentPort?.on('message', ({ id, path }: CheckpointRequest) => {
  parentPort?.postMessage(answer(id, path))
})

function answer(id: number, path: string): CheckpointAnswer {
  try {
    const db = new DatabaseSync(path)
    try {
      const row = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
      return { id, logPages: Number(row?.log), movedPages: Number(row?.checkpointed) }
    } finally {
      db.close()
    }
  } catch (error) {
    const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined
    return { id, reason: String(error), errcode }
  }
}
