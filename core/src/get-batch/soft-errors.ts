import { AisError } from '../errors/ais-error.ts'
import type { BatchFault } from './batch-part.ts'

/** The entries that a request with `coer` went on without. @see AIStore docs/get_batch.md, `max_soft_errs` */
export class SoftErrors {
  readonly #max: number
  #count = 0

  constructor(max: number) {
    this.#max = max
  }

  /** @throws AisError of the fault's kind: it is one more than the configuration puts up with */
  add({ code, status, message }: BatchFault): void {
    this.#count += 1
    if (this.#count <= this.#max) return
    throw new AisError(
      code,
      `more than ${this.#max} soft errors (get_batch.max_soft_errs), the last: ${message}`,
      { status },
    )
  }
}
