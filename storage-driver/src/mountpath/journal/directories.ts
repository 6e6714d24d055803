import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { fileErrorCode } from '../disk/file-error.ts'

/** Directories below a mountpath: made when needed, and remembered as touched until they are synced. */
export interface Directories {
  /** Makes `directory` and its missing ancestors. @throws `ENOTDIR`, `EEXIST` when a file is in the way */
  ensure(directory: string): void
  /** An entry of the directory of `path` changed. */
  touchParent(path: string): void
  /** Removes the directory of `path` and its ancestors below `top` as far as they are empty. */
  prune(path: string, top: string): void
  /** Forgets everything at or below `directory`. */
  forget(directory: string): void
  /** Everything at or below `from` is below `to` now; both entries count as changed. */
  move(from: string, to: string): void
  /** The directories touched since the last call. */
  takeTouched(): readonly string[]
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

export function createDirectories(files: FileSystem, knownMax: number): Directories {
  const known = new Set<string>()
  let touched = new Set<string>()

  const remember = (directory: string): void => {
    if (known.size >= knownMax) known.clear()
    known.add(directory)
  }

  const ensure = (directory: string): void => {
    if (known.has(directory)) return
    // Upwards to the first that can be made, then down again: names may have 1,500 levels.
    const missing: string[] = []
    let at = directory
    while (!makeOne(at)) {
      missing.push(at)
      at = parentOf(at)
    }
    for (let next = missing.pop(); next !== undefined; next = missing.pop()) makeOne(next)
  }

  const makeOne = (directory: string): boolean => {
    try {
      if (files.mkdirSync(directory)) touched.add(parentOf(directory))
      remember(directory)
      return true
    } catch (error) {
      if (fileErrorCode(error) === 'ENOENT') return false
      throw error
    }
  }

  return {
    ensure,
    touchParent: (path) => {
      touched.add(parentOf(path))
    },
    prune: (path, top) => {
      let directory = parentOf(path)
      while (directory.length > top.length && files.rmdirSync(directory)) {
        known.delete(directory)
        directory = parentOf(directory)
        touched.add(directory)
      }
    },
    forget: (directory) => {
      for (const path of known) {
        if (path === directory || path.startsWith(`${directory}/`)) known.delete(path)
      }
    },
    move: (from, to) => {
      const inside = (path: string) => path === from || path.startsWith(`${from}/`)
      for (const path of known) if (inside(path)) known.delete(path)
      touched = new Set(
        [...touched].map((path) => (inside(path) ? to + path.slice(from.length) : path)),
      )
      touched.add(parentOf(from)).add(parentOf(to))
    },
    takeTouched: () => {
      const taken = [...touched]
      touched = new Set()
      return taken
    },
  }
}
