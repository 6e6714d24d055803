import { parseBool } from './bool.ts'

/** The decoded query. A name given twice has its first value: the Python SDK repeats keys over HTTPS. */
export class Query {
  readonly #params: readonly (readonly [name: string, value: string])[]

  constructor(params: readonly (readonly [name: string, value: string])[]) {
    this.#params = params
  }

  /** First value of `name`; `undefined` when it is not there. */
  get(name: string): string | undefined {
    for (const param of this.#params) if (param[0] === name) return param[1]
    return undefined
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** First value read as upstream reads booleans. @see parseBool */
  bool(name: string): boolean {
    return parseBool(this.get(name))
  }

  /** Every parameter in order, repeats included. */
  all(): readonly (readonly [name: string, value: string])[] {
    return this.#params
  }
}
