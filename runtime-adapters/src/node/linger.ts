import type { IncomingMessage, ServerResponse } from 'node:http'
import { drainBytesMax } from './incoming-call.ts'

/** How long a connection stays open after its reply while the client may still be sending, ms. @see Go net/http */
const lingerMs = 500

/** How long the first `drainBytesMax` of an unread body may take, ms. */
const drainMsMax = 5_000

/**
 * Ends a response whose request body was not read: closing at once would answer the bytes under way with a
 * reset, and the client could lose the reply it has not read yet. Takes in up to `drainBytesMax`, then waits
 * a moment for the client to leave, then closes. A body that waits for `100 Continue` (`continueOwed`) is
 * given only that moment. Resolves when the response was ended.
 */
export function lingerThenEnd(
  request: IncomingMessage,
  response: ServerResponse,
  continueOwed: boolean,
): Promise<void> {
  return new Promise((resolve) => {
    let drainedBytes = 0
    let timer = setTimeout(stopDraining, continueOwed ? 0 : drainMsMax)
    timer.unref?.()

    function stopDraining(): void {
      request.pause()
      clearTimeout(timer)
      timer = setTimeout(finish, lingerMs)
      timer.unref?.()
    }
    function onData(chunk: Uint8Array): void {
      drainedBytes += chunk.byteLength
      if (drainedBytes > drainBytesMax) stopDraining()
    }
    function finish(): void {
      clearTimeout(timer)
      request.off('data', onData)
      request.off('end', finish)
      request.off('error', finish)
      response.off('close', finish)
      response.end()
      resolve()
    }
    request.on('data', onData)
    request.once('end', finish)
    request.on('error', finish)
    response.once('close', finish)
    request.resume()
  })
}
