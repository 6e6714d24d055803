import { open, rename, rm } from 'node:fs/promises'
import type { ObjectReader } from '../object-reader.ts'

/**
 * Writes an object's content to a file, under a temporary name beside it until it is complete.
 * @param onChunk told of every chunk written
 * @returns bytes written
 * @throws NetworkError when the transfer is cut short; nothing is left behind then
 */
export async function downloadFile(
  reader: ObjectReader,
  path: string,
  onChunk?: (bytes: number, chunk: Uint8Array) => void,
): Promise<number> {
  const draft = `${path}.${process.pid}.part`
  let written = 0
  try {
    const file = await open(draft, 'w')
    try {
      for await (const chunk of reader.chunks()) {
        await file.writeFile(chunk)
        written += chunk.byteLength
        onChunk?.(chunk.byteLength, chunk)
      }
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await reader.discard().catch(() => undefined)
    await rm(draft, { force: true })
    throw error
  }
  return written
}
