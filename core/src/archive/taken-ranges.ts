/** Ranges kept for ranges that come out of order. */
const keptMax = 1_000_000

/** Ranges of a file that are taken, each once. Ranges that come in the order of the file cost next to nothing. */
export class TakenRanges {
  #starts: number[] = []
  #ends: number[] = []
  #lastEnd = 0
  #forgot = false

  /** `false` when a byte of it is taken already, or may be: it lies before more ranges than are kept. */
  take(start: number, end: number): boolean {
    if (start >= this.#lastEnd) {
      this.#lastEnd = Math.max(end, start)
      if (this.#starts.length >= keptMax) this.#forget()
      if (!this.#forgot) {
        this.#starts.push(start)
        this.#ends.push(end)
      }
      return true
    }
    if (this.#forgot || this.#starts.length >= keptMax) return false
    const at = this.#firstFrom(start)
    const startsAfterFormer = at === 0 || (this.#ends[at - 1] ?? 0) <= start
    const endsBeforeNext = end <= (this.#starts[at] ?? Number.POSITIVE_INFINITY)
    if (!startsAfterFormer || !endsBeforeNext) return false
    this.#starts.splice(at, 0, start)
    this.#ends.splice(at, 0, end)
    return true
  }

  #forget(): void {
    this.#forgot = true
    this.#starts = []
    this.#ends = []
  }

  /** Index of the first range that begins at `start` or behind it. */
  #firstFrom(start: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) < start) low = middle + 1
      else high = middle
    }
    return low
  }
}
