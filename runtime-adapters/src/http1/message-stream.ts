import type { Body } from '@aistore-ts/core/ports/call.ts'
import { MemorySource, type ReplySource } from './reply-source.ts'

/** Sends text, one character a byte, and what `source` gives; a promise when the other side must be waited for. */
export type SendPiece = (text: string, source: ReplySource | undefined) => void | Promise<void>

const chunkEnd = Buffer.from('\r\n')

/**
 * Sends a head and then chunks as they are made, each once the other side took the one before. Resolves when the kernel
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
  let sentBytes = 0
  const sendChunk = (chunk: Uint8Array): void | Promise<void> => {
    if (chunk.byteLength === 0) return
    sentBytes += chunk.byteLength
    if (lengthBytes !== undefined && sentBytes > lengthBytes) {
      throw new Error(`a body of ${lengthBytes} bytes ran over`)
    }
    if (!chunked) return send('', new MemorySource([chunk]))
    return send(`${chunk.byteLength.toString(16)}\r\n`, new MemorySource([chunk, chunkEnd]))
  }

  await send(head, undefined)
  // A message that is passed on comes as it arrives: a promise for each chunk would cost more than the chunk.
  if (isBody(chunks)) await chunks.consume(sendChunk)
  else for await (const chunk of chunks) await sendChunk(chunk)
  if (lengthBytes !== undefined && sentBytes !== lengthBytes) {
    throw new Error(`a body of ${lengthBytes} bytes ended after ${sentBytes}`)
  }
  if (chunked) await send('0\r\n\r\n', undefined)
}

function isBody(chunks: AsyncIterable<Uint8Array>): chunks is Body {
  return 'consume' in chunks
}
