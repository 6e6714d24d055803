/** Where the sender of a streamed reply waits until the kernel has taken a piece. */
export class PieceGate {
  #sent: (() => void) | undefined
  #failed: ((error: Error) => void) | undefined

  /** Resolves with the next `pass`, rejects with the next `fail`. */
  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sent = resolve
      this.#failed = reject
    })
  }

  /** Lets go whoever waits; `false` when nobody does. */
  pass(): boolean {
    const sent = this.#sent
    if (sent === undefined) return false
    this.#sent = undefined
    this.#failed = undefined
    sent()
    return true
  }

  fail(error: Error): void {
    this.#failed?.(error)
  }
}
