import { AisError, isAisError } from '../errors/ais-error.ts'
import { type ErrorCode, errorCodes } from '../errors/error-codes.ts'
import type { BatchEntry } from './batch-request.ts'

/** Why an entry cannot be had. */
export interface BatchFault {
  readonly code: ErrorCode
  readonly status: number
  readonly message: string
}

/** What is known of an entry before it is read; `sizeBytes` -1: only reading tells. */
export type Outlook = { readonly sizeBytes: number } | BatchFault

/** An entry as it is read; content is read before the next one is asked for. */
export type Delivery =
  | { readonly sizeBytes: number; readonly content: Uint8Array | AsyncIterable<Uint8Array> }
  | BatchFault

/** The entries of a batch that one target holds, in the order of the request. */
export interface BatchPart {
  /** Once, first. */
  outlook(): Promise<readonly Outlook[]>
  /** The next of those whose outlook is no fault. */
  next(): Promise<Delivery>
  close(): Promise<void>
}

/** An entry as the targets are asked for it. */
export type WantedEntry = Pick<BatchEntry, 'bck' | 'name' | 'archivePath' | 'start' | 'length'>

/** Which entries of a request a target is asked for. */
export interface PartRequest {
  readonly entries: readonly WantedEntry[]
  /** Sizes of files in shards are wanted with the outlook, though it takes a pass of its own. */
  readonly needsSizes: boolean
}

export function isFault(value: Outlook | Delivery): value is BatchFault {
  return 'code' in value
}

/** @throws what is no `AisError` */
export function faultOf(error: unknown): BatchFault {
  if (!isAisError(error)) throw error
  return { code: error.code, status: error.status, message: error.message }
}

export function errorOfFault({ code, status, message }: BatchFault): AisError {
  return new AisError(code, message, { status })
}

/** What fails a request whatever it says of errors: what was asked for is wrong, or not allowed. */
export function isFinal({ code }: BatchFault): boolean {
  return (
    code === 'ErrRangeNotSatisfiable' ||
    code === 'ErrBckNotFound' ||
    code === 'ErrTooLarge' ||
    errorCodes[code].status === 403
  )
}
