/** Size of the buffer that replies pass through: what one read and one write take. */
export const replyBufferBytes = 262_144

/** Buffers that waiting replies may hold at once: 64 MiB. */
const lentMax = 256

/** What a fill takes while all of them are lent: its rest is copied. */
const scarceFillBytes = 65_536

/** Returned buffers kept for the next that waits. */
const keptMax = 32

/**
 * One buffer for all replies of a listener: filled and written in the same step, it stays in the processor's cache. Only
 * a reply that must wait for its client takes the buffer away with it.
 */
export class ReplyBuffers {
  #shared: Buffer = Buffer.allocUnsafeSlow(replyBufferBytes)
  readonly #kept: Buffer[] = []
  #lent = 0

  /** To be used within one step: it may be another one in the next. */
  get shared(): Buffer {
    return this.#shared
  }

  /** How much of the shared buffer to fill at once. */
  get fillBytes(): number {
    return this.#lent < lentMax ? replyBufferBytes : scarceFillBytes
  }

  /** The shared buffer becomes the caller's until `giveBack`; `false` when too many are lent already. */
  lendShared(): boolean {
    if (this.#lent >= lentMax) return false
    this.#lent++
    this.#shared = this.#kept.pop() ?? Buffer.allocUnsafeSlow(replyBufferBytes)
    return true
  }

  giveBack(buffer: Buffer): void {
    this.#lent--
    if (this.#kept.length < keptMax) this.#kept.push(buffer)
  }
}
