import type { ClientRequest, IncomingMessage } from 'node:http'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer } from '@aistore-ts/core/ports/call.ts'
import { MessageBody } from './message-body.ts'
import { RawHeaderBlock } from './raw-header-block.ts'

/** Most of a body that `bytes()` takes in unless told otherwise. */
const bytesMaxDefault = 67_108_864

/**
 * The answer to a call. While its reader waits for more, silence of `timeoutMs` ends it; a slow reader
 * costs nothing.
 */
export function createAnswer(
  request: ClientRequest,
  message: IncomingMessage,
  origin: string,
  timeoutMs: number,
): Answer {
  let timer: ReturnType<typeof setTimeout> | undefined
  const startTimer = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      message.destroy(new Error(`silent for ${timeoutMs} ms in the body`))
    }, timeoutMs)
  }
  const stopTimer = (): void => clearTimeout(timer)
  message.once('close', stopTimer)
  message.once('end', stopTimer)
  // An error before anybody reads must not be thrown at the process.
  message.on('error', stopTimer)

  const body = new MessageBody(message, {
    lengthBytes: answerBytes(request.method, message),
    onFirstRead: startTimer,
    onChunk: () => timer?.refresh(),
    onPaused: (paused) => (paused ? stopTimer() : startTimer()),
    gone: (reason, cause) =>
      new AisError('ErrUnreachable', `${origin} ${reason}`, cause === undefined ? {} : { cause }),
  })
  // Without a body nobody reads to the end, and the connection would not go back to the pool.
  if (body.lengthBytes === 0) message.resume()

  return {
    status: message.statusCode ?? 0,
    headers: new RawHeaderBlock(message.rawHeaders),
    body,
    async bytes(limitBytes = bytesMaxDefault) {
      const tooLarge = (): AisError =>
        new AisError('ErrTooLarge', `the answer of ${origin} exceeds ${limitBytes} bytes`)
      if ((body.lengthBytes ?? 0) > limitBytes) {
        request.destroy()
        throw tooLarge()
      }
      const chunks: Uint8Array[] = []
      let sizeBytes = 0
      try {
        await body.consume((chunk) => {
          sizeBytes += chunk.byteLength
          if (sizeBytes > limitBytes) throw tooLarge()
          chunks.push(chunk)
        })
      } catch (error) {
        request.destroy()
        throw error
      }
      if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0]
      const whole = Buffer.concat(chunks, sizeBytes)
      return new Uint8Array(whole.buffer, whole.byteOffset, sizeBytes)
    },
    discard() {
      if (!message.complete) request.destroy()
      else message.resume()
    },
  }
}

function answerBytes(method: string, message: IncomingMessage): number | undefined {
  const status = message.statusCode ?? 0
  if (method === 'HEAD' || status === 204 || status === 304) return 0
  if (message.headers['transfer-encoding'] !== undefined) return undefined
  const declared = message.headers['content-length']
  return declared === undefined ? undefined : Number(declared)
}
