import type { Answer, Reply } from '../ports/call.ts'
import { endToEnd } from './relay.ts'

/** Answers up to this many bytes are read whole and sent in one write with their head. */
const wholeBytesMax = 64 * 1024

/** The answer of a target as the client gets it, its body chunk by chunk and as fast as the client takes it. */
export async function replyOf(answer: Answer, method: string): Promise<Reply> {
  const { status, body } = answer
  const headers = endToEnd(answer.headers.lines()).filter(([name]) => name !== 'date')
  const { lengthBytes } = body
  if (method === 'HEAD') {
    const length = answer.headers.get('content-length')
    answer.discard()
    return {
      status,
      headers: length === undefined ? headers : [...headers, ['Content-Length', length]],
    }
  }
  // What is encoded some platforms decode as soon as it is read.
  const isPlain = answer.headers.get('content-encoding') === undefined
  if (isPlain && lengthBytes !== undefined && lengthBytes <= wholeBytesMax) {
    const bytes = await answer.bytes(wholeBytesMax)
    return { status, headers, body: bytes.length === 0 ? undefined : { kind: 'bytes', bytes } }
  }
  return {
    status,
    headers,
    body: { kind: 'stream', chunks: body, lengthBytes },
    onEnd(complete) {
      if (!complete) answer.discard()
    },
  }
}
