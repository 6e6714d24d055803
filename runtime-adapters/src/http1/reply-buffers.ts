/** Bytes that waiting replies may hold before each gets less: the read-buffer budget of a listener. */
const budgetBytes = 67_108_864

/** Size of the buffer that replies pass through: what one read and one write take. More leaves the processor's cache. */
const replyBufferBytes = 262_144

/** Its size while the budget is short. */
const scarceBufferBytes = 65_536

/** Returned buffers kept for the next that waits: while there are others, and when there are none. */
const keptMax = 32
const keptIdleMax = 4

/**
 * One buffer for all replies of a listener: filled and written in the same step, it stays in the processor's cache. Only
 * a reply that must wait for its client takes the buffer away with it.
 */
export class ReplyBuffers {
  #shared: Buffer = Buffer.allocUnsafeSlow(replyBufferBytes)
  readonly #kept: Buffer[] = []
  #lentBytes = 0

  /** To be used within one step: it may be another one in the next. */
  get shared(): Buffer {
    return this.#shared
  }

  /** How much of the shared buffer to fill at once. */
  get fillBytes(): number {
    return Math.min(this.#shared.byteLength, this.#sizeBytes)
  }

  /**
   * The shared buffer becomes the caller's until `giveBack`; `false` when too much is lent already, and the caller can do
   * without (not `must`).
   */
  lendShared(must: boolean): boolean {
    if (!must && this.#lentBytes >= budgetBytes) return false
    this.#lentBytes += this.#shared.byteLength
    this.#shared = this.#take()
    return true
  }

  giveBack(buffer: Buffer): void {
    this.#lentBytes -= buffer.byteLength
    const max = this.#lentBytes === 0 ? keptIdleMax : keptMax
    if (buffer.byteLength === replyBufferBytes) this.#kept.push(buffer)
    if (this.#kept.length > max) this.#kept.length = max
    if (this.#shared.byteLength < this.#sizeBytes) this.#shared = this.#take()
  }

  get #sizeBytes(): number {
    return this.#lentBytes < budgetBytes ? replyBufferBytes : scarceBufferBytes
  }

  #take(): Buffer {
    const kept = this.#sizeBytes === replyBufferBytes ? this.#kept.pop() : undefined
    return kept ?? Buffer.allocUnsafeSlow(this.#sizeBytes)
  }
}
