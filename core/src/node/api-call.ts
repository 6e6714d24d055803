import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Call } from '../ports/call.ts'
import { type ActionMsg, parseActionMsg } from '../wire/action-msg.ts'
import type { ParsedTarget } from '../wire/target.ts'

/** A call whose target was parsed, once. Routing, access, hashing, storage and logs use these values and no other. */
export interface ApiCall {
  readonly call: Call
  /** After `X-HTTP-Method-Override`. */
  readonly method: string
  readonly target: ParsedTarget
  /** Path items after `/v1/<resource>`. */
  readonly items: readonly string[]
}

/** The whole body, bounded. @throws AisError `ErrTooLarge` */
export async function readBody(call: Call, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  await call.body.consume((chunk) => {
    size += chunk.length
    if (size > limitBytes) {
      throw new AisError('ErrTooLarge', `request body is larger than ${limitBytes} bytes`)
    }
    // Not `slice`: that of Node's buffers copies nothing.
    chunks.push(new Uint8Array(chunk))
  })
  if (chunks.length === 1 && chunks[0]) return chunks[0]
  const out = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    out.set(chunk, at)
    at += chunk.length
  }
  return out
}

/** The action message. @throws AisError `ErrBadRequest` when there is none or it is no JSON */
export async function readAction(api: ApiCall): Promise<ActionMsg> {
  return parseActionMsg(await readBody(api.call, limits.jsonBytesMax))
}

/** The action message, or `undefined` when the call has no body. */
export async function findAction(api: ApiCall): Promise<ActionMsg | undefined> {
  const bytes = await readBody(api.call, limits.jsonBytesMax)
  return bytes.length === 0 ? undefined : parseActionMsg(bytes)
}
