import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Call, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { replyOf } from '@aistore-ts/core/proxy/relayed-reply.ts'
import { outwardBody } from './outward-body.ts'
import { callUrl } from './pass-on.ts'

/** By which a target sends on to the owner of today: only a client that reaches it can follow. */
export const movedStatus = 307

/**
 * Passes a call on to the owner of its object and the answer back. A target that owns it no more says so: it is sent once
 * more then, as a newer map has it, where that can be done.
 * @param location where the call goes; asked again, with a newer map, for the second time. `undefined`: nobody owns it
 * @throws AisError `ErrUnreachable`; `ErrNotReady` the body cannot be sent twice, or the next one does not own it either
 */
export async function relayToOwner(
  call: Call,
  location: (isSecond: boolean) => Promise<string | undefined>,
  send: Platform['call'],
): Promise<Reply> {
  const body = await outwardBody(call)
  for (const isSecond of [false, true]) {
    const url = await location(isSecond)
    if (url === undefined) break
    const answer = await callUrl(url, call, body, send)
    if (answer.status !== movedStatus) return replyOf(answer, call.method)
    answer.discard()
    if (body === undefined || body.isWhole) continue
    // Whoever tries again finds the map that this would have needed.
    await location(true)
    break
  }
  throw new AisError('ErrNotReady', 'the owner of the object has changed: please try again')
}
