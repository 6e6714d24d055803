import type { MountpathContext } from '../context.ts'
import { fileErrorCode } from '../disk/file-error.ts'
import { parentOf } from './directories.ts'

const conflicts: readonly string[] = ['EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST']

/** The path cannot be used: a file lies where a directory is needed, or the other way round. */
export function isConflict(error: unknown): boolean {
  return conflicts.includes(fileErrorCode(error))
}

/**
 * Renames `source` to `target`, making directories as needed.
 * @returns `false` when another object's file or directory is in the way
 */
export function placeFile(
  { files, directories }: Pick<MountpathContext, 'files' | 'directories'>,
  source: string,
  target: string,
): boolean {
  try {
    rename(source, target)
  } catch (error) {
    if (!isConflict(error)) throw error
    // Directories that deletes left empty give way.
    if (!files.rmdirSync(target)) return false
    directories.forget(target)
    files.renameSync(source, target)
  }
  directories.touchParent(target)
  return true

  function rename(from: string, to: string): void {
    try {
      files.renameSync(from, to)
    } catch (error) {
      if (fileErrorCode(error) !== 'ENOENT' || files.lstatSync(from) === undefined) throw error
      directories.forget(parentOf(to))
      directories.ensure(parentOf(to))
      files.renameSync(from, to)
    }
  }
}
