import type { OpenFile } from '@aistore-ts/core/ports/call.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'

/** A file open for reading. Its descriptor is closed when it was asked to be and no read is under way. */
export interface PinnedFile extends OpenFile {
  read(into: Uint8Array, position: number): Promise<number>
}

/**
 * Opens with the first use of `fd`.
 * @param open gives the descriptor, or fails as the object is found broken
 * @param onClose called once, when the file is closed for good
 */
export function createPinnedFile(
  files: FileSystem,
  open: () => number,
  onClose: () => void,
): PinnedFile {
  let fd: number | undefined
  let reads = 0
  let closed = false
  let ended = false

  const end = (): void => {
    if (ended || !closed || reads > 0) return
    ended = true
    if (fd !== undefined) files.closeSync(fd)
    onClose()
  }

  const descriptor = (): number => {
    if (closed) throw new Error('a file was used after its close')
    fd ??= open()
    return fd
  }

  return {
    get fd() {
      return descriptor()
    },
    read: async (into, position) => {
      const from = descriptor()
      reads++
      try {
        return await files.read(from, into, position)
      } finally {
        reads--
        end()
      }
    },
    close: () => {
      closed = true
      end()
    },
  }
}
