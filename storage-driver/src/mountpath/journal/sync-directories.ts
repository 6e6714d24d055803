import type { FileSystem, OpenMode } from '@aistore-ts/core/ports/file-system.ts'
import { fileErrorCode } from '../disk/file-error.ts'

/** Syncs under way at once. */
const syncsMax = 4

/** Syncs every directory that still exists. The parent of one that is gone was touched when it went. */
export function syncDirectories(files: FileSystem, directories: readonly string[]): Promise<void> {
  return syncEach(files, directories, 'directory')
}

/** Syncs what is still there of `paths`, each through a descriptor of its own. */
export async function syncEach(
  files: FileSystem,
  paths: readonly string[],
  mode: OpenMode,
): Promise<void> {
  const rest = [...paths]
  const worker = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      await syncOne(files, next, mode)
    }
  }
  await Promise.all(Array.from({ length: syncsMax }, worker))
}

async function syncOne(files: FileSystem, path: string, mode: OpenMode): Promise<void> {
  let fd: number
  try {
    fd = files.openSync(path, mode)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error))) return
    throw error
  }
  try {
    await files.fsync(fd)
  } finally {
    files.closeSync(fd)
  }
}
