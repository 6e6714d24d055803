/** Counts the readers of each chunked content, so that its files outlive the row while someone reads them. */
export interface UploadPins {
  pin(upload: string): void
  unpin(upload: string): void
  /** Runs `task` now, or when the last reader is gone. */
  whenFree(upload: string, task: () => void): void
}

export function createUploadPins(): UploadPins {
  const readers = new Map<string, { count: number; readonly tasks: (() => void)[] }>()
  return {
    pin: (upload) => {
      const entry = readers.get(upload)
      if (entry === undefined) readers.set(upload, { count: 1, tasks: [] })
      else entry.count++
    },
    unpin: (upload) => {
      const entry = readers.get(upload)
      if (entry === undefined || --entry.count > 0) return
      readers.delete(upload)
      for (const task of entry.tasks) task()
    },
    whenFree: (upload, task) => {
      const entry = readers.get(upload)
      if (entry === undefined) task()
      else entry.tasks.push(task)
    },
  }
}
