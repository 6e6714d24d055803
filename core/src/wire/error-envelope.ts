import type { AisError } from '../errors/ais-error.ts'
import { errorCodes } from '../errors/error-codes.ts'
import { stringifyJson } from './json.ts'

/** What an error's reader learns of the call that failed. Informational. */
export interface ErrorContext {
  readonly method: string
  /** Decoded path, without the query. */
  readonly urlPath: string
  /** `ip:port` of the client. */
  readonly remoteAddr: string
  /** Name of the calling node (`p[id]`), or empty. */
  readonly caller: string
  /** Name of the answering node. */
  readonly node: string
}

/**
 * The JSON of an error, without a newline: body of the reply (then a newline follows), or for HEAD the value of
 * `Hdr-Error`. Plain errors have no `tcode`, as upstream. @see AIStore cmn/err.go ErrHTTP
 */
export function errorEnvelope(error: AisError, context: ErrorContext): string {
  return stringifyJson({
    tcode: errorCodes[error.code].tcode ? error.code : undefined,
    message: error.message,
    method: context.method,
    url_path: context.urlPath,
    remote_addr: context.remoteAddr,
    caller: context.caller,
    node: context.node,
    status: error.status,
  })
}
