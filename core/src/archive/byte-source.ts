import type { ArchiveGuard } from './archive-guard.ts'
import { damaged } from './member.ts'

/** Skips of at least this many bytes are made by opening anew, where that can be done. */
const seekBytesMin = 256 * 1024

/** Bytes from `offset` on. */
export type OpenAt = (offset: number) => AsyncIterable<Uint8Array>

const nothing = new Uint8Array(0)

/** A stream of bytes, pulled in pieces of the size that is wanted. */
export class ByteSource {
  readonly #openAt: OpenAt
  readonly #seekable: boolean
  readonly #guard: ArchiveGuard
  #iterator: AsyncIterator<Uint8Array> | undefined
  #chunk: Uint8Array = nothing
  #position = 0

  /** @param seekable `openAt` can begin anywhere; otherwise it is called once, with 0 */
  constructor(openAt: OpenAt, seekable: boolean, guard: ArchiveGuard) {
    this.#openAt = openAt
    this.#seekable = seekable
    this.#guard = guard
  }

  /** Bytes taken or skipped so far. */
  get position(): number {
    return this.#position
  }

  /** `false` at the end. */
  async #fill(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      this.#iterator ??= this.#openAt(this.#position)[Symbol.asyncIterator]()
      const next = await this.#iterator.next()
      if (next.done) return false
      this.#chunk = next.value
    }
    return true
  }

  #take(bytes: number): Uint8Array {
    const part = this.#chunk.subarray(0, bytes)
    this.#chunk = this.#chunk.subarray(bytes)
    this.#position += bytes
    this.#guard.addScanned(bytes)
    return part
  }

  /** At most `max` bytes, valid until the next call; `undefined` at the end. */
  async some(max: number): Promise<Uint8Array | undefined> {
    await this.#guard.turn()
    if (this.#chunk.length === 0 && !(await this.#fill())) return undefined
    return this.#take(Math.min(max, this.#chunk.length))
  }

  /** `bytes` bytes, valid until the next call; `undefined` at the end. @throws AisError `ErrBadRequest` it ends within them */
  async exactly(bytes: number): Promise<Uint8Array | undefined> {
    const turn = this.#guard.turn()
    if (turn !== undefined) await turn
    if (this.#chunk.length === 0 && !(await this.#fill())) return bytes === 0 ? nothing : undefined
    if (this.#chunk.length >= bytes) return this.#take(bytes)
    const whole = new Uint8Array(bytes)
    let at = 0
    while (at < bytes) {
      if (!(await this.#fill())) throw damaged(`it ends after ${this.#position} bytes`)
      const part = this.#take(Math.min(bytes - at, this.#chunk.length))
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  /** Passes over `bytes` bytes. @throws AisError `ErrBadRequest` it ends within them, where it cannot seek */
  async skip(bytes: number): Promise<void> {
    let left = bytes
    if (this.#seekable && left - this.#chunk.length >= seekBytesMin) {
      await this.close()
      this.#position += left
      return
    }
    while (left > 0) {
      const part = await this.some(left)
      if (part === undefined) throw damaged(`it ends after ${this.#position} bytes`)
      left -= part.length
    }
  }

  /** Ends the stream; reading on begins anew at the position, where it can seek. */
  async close(): Promise<void> {
    const iterator = this.#iterator
    this.#iterator = undefined
    this.#chunk = nothing
    await iterator?.return?.()
  }
}
