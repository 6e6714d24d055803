import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { fileErrorCode } from './file-error.ts'

/** Directory syncs under way at once. */
const syncsMax = 4

/** Syncs every directory that still exists. The parent of one that is gone was touched when it went. */
export async function syncDirectories(
  files: FileSystem,
  directories: readonly string[],
): Promise<void> {
  const rest = [...directories]
  const worker = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      await syncDirectory(files, next)
    }
  }
  await Promise.all(Array.from({ length: syncsMax }, worker))
}

async function syncDirectory(files: FileSystem, directory: string): Promise<void> {
  let fd: number
  try {
    fd = files.openSync(directory, 'directory')
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
