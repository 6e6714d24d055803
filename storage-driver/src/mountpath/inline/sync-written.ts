import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { fileErrorCode } from '../disk/file-error.ts'
import { syncDirectories, syncEach } from '../journal/sync-directories.ts'

/** Fewer files than this are synced one by one: that costs less than a process, and than everything else that is dirty. */
const batchMin = 8

/**
 * Takes files that were just placed, and directories, to the disk: many files at once by a sync of the whole file system
 * that `mountpath` lies on, where this machine can do that.
 * @throws what a sync failed with: it must not be tried again
 */
export async function syncWritten(
  files: FileSystem,
  mountpath: string,
  written: readonly string[],
  directories: readonly string[],
): Promise<void> {
  if (written.length >= batchMin && (await syncAll(files, mountpath))) return
  await syncEach(files, written, 'read')
  await syncDirectories(files, directories)
}

/** `false` when that cannot be done here. */
async function syncAll(files: FileSystem, mountpath: string): Promise<boolean> {
  try {
    await files.syncFileSystem(mountpath)
    return true
  } catch (error) {
    if (fileErrorCode(error) === 'ENOSYS') return false
    throw error
  }
}
