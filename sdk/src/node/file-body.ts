import { open } from 'node:fs/promises'
import type { RequestBody } from '../transport/request-body.ts'

/** Files up to this size are read whole before they are sent, bytes. */
const wholeBytesMax = 64 * 1024

/** Read size of longer files, bytes. */
const chunkBytes = 256 * 1024

/**
 * A file, or a part of it, as a body that can be sent again. Length and content are those of the moment it is
 * opened for reading; a file that changes its length while being sent fails the call instead of a short object.
 * @param onChunk told of every chunk read, for progress; a replay tells again
 * @throws the file system's error when the file cannot be read
 */
export async function fileBody(
  path: string,
  part: { readonly offset?: number; readonly lengthBytes?: number } = {},
  onChunk?: (bytes: number) => void,
): Promise<RequestBody> {
  const file = await open(path, 'r')
  try {
    const start = part.offset ?? 0
    const { size } = await file.stat()
    const lengthBytes = Math.min(part.lengthBytes ?? size - start, Math.max(0, size - start))
    if (lengthBytes > wholeBytesMax) {
      const read = () => readFile(path, start, lengthBytes, onChunk)
      return { lengthBytes, replayable: true, open: read }
    }
    const buffer = new Uint8Array(lengthBytes)
    const { bytesRead } = await file.read(buffer, 0, lengthBytes, start)
    if (bytesRead !== lengthBytes) throw new Error(`"${path}" became shorter while being read`)
    onChunk?.(lengthBytes)
    return {
      lengthBytes,
      replayable: true,
      bytes: buffer,
      async *open() {
        yield buffer
      },
    }
  } finally {
    await file.close()
  }
}

async function* readFile(
  path: string,
  start: number,
  lengthBytes: number,
  onChunk?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    let left = lengthBytes
    let position = start
    while (left > 0) {
      const buffer = new Uint8Array(Math.min(chunkBytes, left))
      const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position)
      if (bytesRead === 0) throw new Error(`"${path}" became shorter while being read`)
      position += bytesRead
      left -= bytesRead
      onChunk?.(bytesRead)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
