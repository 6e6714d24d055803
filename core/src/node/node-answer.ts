import { AisError } from '../errors/ais-error.ts'
import { type ErrorCode, errorCodes } from '../errors/error-codes.ts'
import type { Answer } from '../ports/call.ts'
import { parseJson } from '../wire/json.ts'

const errorBytesMax = 64 * 1024

/** What a status says where the envelope names no code. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 503) return 'ErrNotReady'
  return status >= 500 ? 'ErrInternal' : 'ErrBadRequest'
}

/** What a peer's error envelope says, kept as it is: its status, its code, its message. */
async function errorOf(answer: Answer): Promise<AisError> {
  const text = new TextDecoder().decode(
    await answer.bytes(errorBytesMax).catch(() => new Uint8Array()),
  )
  let code = codeOfStatus(answer.status)
  let message = text.trim()
  if (text.startsWith('{')) {
    try {
      const parsed = parseJson(text)
      if (typeof parsed === 'object' && parsed !== null) {
        if ('tcode' in parsed && typeof parsed.tcode === 'string' && parsed.tcode in errorCodes) {
          code = parsed.tcode as ErrorCode
        }
        if ('message' in parsed && typeof parsed.message === 'string') message = parsed.message
      }
    } catch {
      // Not an envelope: the text itself is the message.
    }
  }
  return new AisError(code, message === '' ? `status ${answer.status}` : message, {
    status: answer.status,
  })
}

/** Reads the answer to its end. @throws AisError as the peer stated it, when its status is 400 or more */
export async function checkStatus(answer: Answer, limitBytes?: number): Promise<Uint8Array> {
  if (answer.status >= 400) throw await errorOf(answer)
  return answer.bytes(limitBytes)
}
