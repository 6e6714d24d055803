/** Something that must never be, or did not come in time. */
export class SimFailure extends Error {
  override readonly name = 'SimFailure'
  /** Name of the check. */
  readonly check: string

  constructor(check: string, message: string) {
    super(`${check}: ${message}`)
    this.check = check
  }
}
