/** Something to be written to a client. */
export interface TurnReply {
  write(): void
}

/** Replies that are written at once before it is tried again whether a turn brings more than one. */
const aloneMax = 15

/**
 * Short replies of one turn of the event loop, written one after the other at its end. Written each in its place
 * they let a client that is quicker than we are fall asleep between any two, and for a kernel to wake a thread on another
 * core costs as much as all else it does for a small reply. One that is alone in its turn gains nothing: then the next
 * ones go out at once.
 */
export class ReplyTurn {
  #replies: TurnReply[] = []
  #alone = 0

  /** `true`: `reply.write()` follows before the turn is over. `false`: the caller is to write now. */
  take(reply: TurnReply): boolean {
    if (this.#alone > 0) {
      this.#alone--
      return false
    }
    if (this.#replies.push(reply) === 1) setImmediate(() => this.#end())
    return true
  }

  #end(): void {
    const replies = this.#replies
    this.#replies = []
    if (replies.length === 1) this.#alone = aloneMax
    for (const reply of replies) reply.write()
  }
}
