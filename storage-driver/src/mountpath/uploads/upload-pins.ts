/**
 * Counts who needs the files of an upload: readers of the content made of it, so that these outlive the row, and
 * parts on their way to it.
 */
export interface UploadPins {
  pin(upload: string): void
  unpin(upload: string): void
  pinned(upload: string): boolean
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
    pinned: (upload) => readers.has(upload),
    whenFree: (upload, task) => {
      const entry = readers.get(upload)
      if (entry === undefined) task()
      else entry.tasks.push(task)
    },
  }
}
