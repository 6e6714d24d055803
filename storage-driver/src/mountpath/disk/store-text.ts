import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { parentOf } from '../journal/directories.ts'
import { syncDirectories } from '../journal/sync-directories.ts'

/** Replaces a small file as a whole; it is on the disk when this resolves. */
export async function storeText(files: FileSystem, path: string, text: string): Promise<void> {
  const draft = `${path}.new`
  files.unlinkSync(draft)
  const fd = files.openSync(draft, 'create')
  try {
    files.writeSync(fd, new TextEncoder().encode(text), 0)
    await files.fsync(fd)
  } finally {
    files.closeSync(fd)
  }
  files.renameSync(draft, path)
  await syncDirectories(files, [parentOf(path)])
}
