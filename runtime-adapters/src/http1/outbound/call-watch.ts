/** Who is looked at by a `CallWatch`. */
export interface WatchedCall {
  /** Is it the other side that keeps us waiting right now? */
  readonly waits: boolean
  /** It kept us waiting for too long. */
  onSilence(timeoutMs: number): void
}

/**
 * Bounds every wait for the other side of a call. One timer for all of them, set anew only when it has run out: a body of
 * a gigabyte comes in 16,000 pieces.
 */
export class CallWatch {
  readonly #call: WatchedCall
  readonly #timeoutMs: number
  #movedMs = performance.now()
  #timer: ReturnType<typeof setTimeout>

  constructor(call: WatchedCall, timeoutMs: number) {
    this.#call = call
    this.#timeoutMs = timeoutMs
    this.#timer = setTimeout(() => this.#look(), timeoutMs)
  }

  /** Something came, or went out, or a wait begins. */
  moved(): void {
    this.#movedMs = performance.now()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #look(): void {
    const leftMs = this.#call.waits
      ? this.#movedMs + this.#timeoutMs - performance.now()
      : this.#timeoutMs
    if (leftMs < 1) this.#call.onSilence(this.#timeoutMs)
    else this.#timer = setTimeout(() => this.#look(), leftMs)
  }
}
