/** Memory of a connection's own whose chunks a reader uses up one after the other, and keeps none of them. */
export class LentMemory {
  readonly #flow: { giveMemory?(memory: ArrayBufferLike): void }
  readonly #out = new Map<ArrayBufferLike, { chunks: number; isKept: boolean }>()

  constructor(flow: { giveMemory?(memory: ArrayBufferLike): void }) {
    this.#flow = flow
  }

  /** `chunk` goes to the reader. */
  add({ buffer }: Uint8Array): void {
    const known = this.#out.get(buffer)
    if (known === undefined) this.#out.set(buffer, { chunks: 1, isKept: false })
    else known.chunks++
  }

  /** The reader goes on using the memory of `chunk`: nothing else is read into it. */
  keep({ buffer }: Uint8Array): void {
    const known = this.#out.get(buffer)
    if (known !== undefined) known.isKept = true
  }

  /** The reader has used up `chunk`, and with the last one of its memory gives that back. */
  remove({ buffer }: Uint8Array): void {
    const known = this.#out.get(buffer)
    if (known === undefined || --known.chunks > 0) return
    this.#out.delete(buffer)
    if (known.isKept) this.#flow.giveMemory?.(buffer)
  }
}
