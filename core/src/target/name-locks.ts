/** State of a name as `check-lock` reports it. */
export type LockState = 'unlocked' | 'read' | 'write'

/**
 * In-process exclusion per object name. Writers of one name run one after the other; readers only register, since an
 * open descriptor pins their version, so that `check-lock` can tell.
 */
export interface NameLocks {
  /** Runs `task` alone among the writers of `uname`: at once when there is none. What it throws rejects. */
  write<T>(uname: string, task: () => Promise<T>): Promise<T>
  /** Registers a reader until the returned function is called (once). */
  read(uname: string): () => void
  state(uname: string): LockState
  /** Resolves when every writer that has its turn or waits for it by now is through. */
  settled(): Promise<void>
  /** Tells every name that is about to be written, until the returned function is called. */
  watch(told: (uname: string) => void): () => void
}

interface Entry {
  readers: number
  writers: number
  tail: Promise<unknown>
}

export function createNameLocks(): NameLocks {
  const entries = new Map<string, Entry>()
  const watchers = new Set<(uname: string) => void>()

  function entryOf(uname: string): Entry {
    const found = entries.get(uname)
    if (found) return found
    const made: Entry = { readers: 0, writers: 0, tail: Promise.resolve() }
    entries.set(uname, made)
    return made
  }

  function drop(uname: string, entry: Entry): void {
    if (entry.readers === 0 && entry.writers === 0) entries.delete(uname)
  }

  function leave(uname: string, entry: Entry): void {
    entry.writers -= 1
    drop(uname, entry)
  }

  return {
    write<T>(uname: string, task: () => Promise<T>): Promise<T> {
      for (const told of watchers) told(uname)
      const entry = entryOf(uname)
      const isAlone = entry.writers === 0
      entry.writers += 1
      let run: Promise<T>
      try {
        run = isAlone ? task() : entry.tail.then(task, task)
      } catch (error) {
        leave(uname, entry)
        return Promise.reject(error)
      }
      const done = run.then(
        (value) => {
          leave(uname, entry)
          return value
        },
        (error) => {
          leave(uname, entry)
          throw error
        },
      )
      entry.tail = done
      return done
    },
    read(uname) {
      const entry = entryOf(uname)
      entry.readers += 1
      let open = true
      return () => {
        if (!open) return
        open = false
        entry.readers -= 1
        drop(uname, entry)
      }
    },
    state(uname) {
      const entry = entries.get(uname)
      if (entry === undefined) return 'unlocked'
      return entry.writers > 0 ? 'write' : 'read'
    },
    async settled() {
      await Promise.allSettled([...entries.values()].map(({ tail }) => tail))
    },
    watch(told) {
      watchers.add(told)
      return () => void watchers.delete(told)
    },
  }
}
