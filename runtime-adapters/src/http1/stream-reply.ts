import { MemorySource, type ReplySource } from './reply-source.ts'

/** Sends text, one character a byte, and what `source` gives; a promise when the client must be waited for. */
export type SendPiece = (text: string, source: ReplySource | undefined) => void | Promise<void>

const chunkEnd = Buffer.from('\r\n')

/**
 * Sends a head and then chunks as they are made, each once the client took the one before. Resolves when the kernel
 * has all of it.
 * @throws Error when the chunks fail or do not add up to `lengthBytes`, and what `send` throws: by then a part was sent
 */
export async function sendStream(
  chunks: AsyncIterable<Uint8Array>,
  lengthBytes: number | undefined,
  chunked: boolean,
  head: string,
  send: SendPiece,
): Promise<void> {
  await send(head, undefined)
  let sentBytes = 0
  for await (const chunk of chunks) {
    if (chunk.byteLength === 0) continue
    sentBytes += chunk.byteLength
    if (lengthBytes !== undefined && sentBytes > lengthBytes) {
      throw new Error(`a reply of ${lengthBytes} bytes ran over`)
    }
    if (chunked) {
      const size = `${chunk.byteLength.toString(16)}\r\n`
      await send(size, new MemorySource([chunk, chunkEnd]))
    } else await send('', new MemorySource([chunk]))
  }
  if (lengthBytes !== undefined && sentBytes !== lengthBytes) {
    throw new Error(`a reply of ${lengthBytes} bytes ended after ${sentBytes}`)
  }
  if (chunked) await send('0\r\n\r\n', undefined)
}
