import type { SocketBody } from './socket-body.ts'

/** Most of an unread body that is taken in so that the connection can live on, bytes. @see Go net/http */
export const drainBytesMax = 262_144

/** Is there a body under way that is too long to be waited for, or waits for a word from us? */
export function leavesLongBody(body: SocketBody | undefined, continueOwed: boolean): boolean {
  if (body === undefined || body.complete) return false
  const { lengthBytes } = body
  return continueOwed || lengthBytes === undefined || lengthBytes > drainBytesMax
}

/**
 * Is what is left of a body, which nobody reads, about to arrive, and not much? The reply waits for it, as with Go's
 * server: Go's client goes on sending a body after it was answered, although who gave it may reuse its memory by then.
 */
export function isShortRest(body: SocketBody | undefined, continueOwed: boolean): boolean {
  if (body?.isDropped !== true || body.complete || body.failed || continueOwed) return false
  return (body.lengthBytes ?? body.arrivedBytes) <= drainBytesMax
}
