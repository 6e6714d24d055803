/** Facts of a refused call, as the server told them. */
export interface ErrorFacts {
  /** HTTP status; 0 when the client refused before anything was sent. */
  readonly status: number
  /** AIStore's error type name; empty for plain errors. */
  readonly tcode: string
  readonly message: string
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Display name of the node that answered: `t[ID]`, `p[ID]`. */
  readonly node?: string | undefined
}

/** The cluster said no: any answer with status 400 or above, or an answer that cannot be understood. */
export class AisClientError extends Error {
  override readonly name: string = 'AisClientError'
  readonly status: number
  readonly tcode: string
  readonly method: string
  readonly url: string
  readonly node: string

  constructor(facts: ErrorFacts, cause?: unknown) {
    super(facts.message, cause === undefined ? undefined : { cause })
    this.status = facts.status
    this.tcode = facts.tcode
    this.method = facts.method ?? ''
    this.url = facts.url ?? ''
    this.node = facts.node ?? ''
  }
}

/** Is it an answer with this status? */
export function isStatus(error: unknown, status: number): error is AisClientError {
  return error instanceof AisClientError && error.status === status
}
