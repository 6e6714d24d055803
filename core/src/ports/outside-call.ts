import type { EgressRules } from '../egress/address-guard.ts'
import type { HeaderLine } from './call.ts'

/** Redirects that are followed for one call. */
export const redirectsMax = 10

/** A call of a URL that somebody gave us: what it leads to is not trusted. */
export interface OutsideCall {
  readonly method: 'GET' | 'HEAD'
  /** `http` or `https`; a user and password in it are sent as Basic authorization. */
  readonly url: string
  /** Not sent to another origin that a redirect leads to. */
  readonly headers?: readonly HeaderLine[] | undefined
  readonly rules: EgressRules
  /** Silence that ends the call: looking up the name, connecting, answering, between two chunks. */
  readonly timeoutMs: number
  /** A longer body ends in an error; absent: any length. */
  readonly bytesMax?: number | undefined
  readonly signal?: AbortSignal | undefined
}
