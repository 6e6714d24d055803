import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { createFileSystem } from '@aistore-ts/runtime-adapters/node/file-system.ts'

/** A disk whose operations can be made to fail, and whose sync can be made to wait. */
export function trickyDisk() {
  const real = createFileSystem()
  const failing = new Map<keyof FileSystem, string>()
  const calls: string[] = []
  let gate: Promise<void> | undefined
  let reached: (() => void) | undefined
  const before = (name: keyof FileSystem): void => {
    calls.push(name)
    const code = failing.get(name)
    if (code !== undefined) throw Object.assign(new Error(`${code}: made by the test`), { code })
  }
  const files: FileSystem = {
    ...real,
    writeSync: (...args) => {
      before('writeSync')
      real.writeSync(...args)
    },
    setMtimeSync: (...args) => {
      before('setMtimeSync')
      real.setMtimeSync(...args)
    },
    fsync: async (fd) => {
      before('fsync')
      await real.fsync(fd)
    },
    syncFileSystem: async () => {
      before('syncFileSystem')
      reached?.()
      await gate
    },
  }
  return {
    files,
    failing,
    calls,
    /** Syncs of the file system wait from now on. */
    holdSync: () => {
      const held = Promise.withResolvers<void>()
      const under = Promise.withResolvers<void>()
      gate = held.promise
      reached = under.resolve
      return { release: held.resolve, underWay: under.promise }
    },
  }
}
