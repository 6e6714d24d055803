import { z } from 'zod'
import { bckUname } from '../bucket/bck.ts'
import { parseBckUname } from '../bucket/names.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import { type ErrorCode, errorCodes } from '../errors/error-codes.ts'
import { type JsonValue, parseJsonBytes, stringifyJson } from '../wire/json.ts'
import { type BatchFault, isFault, type Outlook, type PartRequest } from './batch-part.ts'

/** Where a target is asked for its part of a batch, on the data network. */
export const partPath = '/v1/ml/part'

const requestSchema = z.strictObject({
  buckets: z.array(z.string()),
  /** Bucket's index, name, path in the shard, start, length. */
  in: z
    .array(z.tuple([z.int().nonnegative(), z.string(), z.string(), z.int(), z.int()]))
    .max(limits.batchEntriesMax),
  needsSizes: z.boolean(),
})

/** What a target is asked, as it travels. */
export function formatPartRequest({ entries, needsSizes }: PartRequest): string {
  const buckets = new Map<string, number>()
  const rows = entries.map(({ bck, name, archivePath, start, length }) => {
    const uname = bckUname(bck)
    const index = buckets.get(uname) ?? buckets.size
    buckets.set(uname, index)
    return [index, name, archivePath, start, length]
  })
  return stringifyJson({ buckets: [...buckets.keys()], in: rows, needsSizes })
}

/** @throws AisError `ErrBadRequest` */
export function parsePartRequest(bytes: Uint8Array): PartRequest {
  const parsed = requestSchema.safeParse(parseJsonBytes(bytes))
  if (!parsed.success) throw new AisError('ErrBadRequest', 'get-batch: malformed request of a peer')
  const buckets = parsed.data.buckets.map(parseBckUname)
  const entries = parsed.data.in.map(([index, name, archivePath, start, length]) => {
    const bck = buckets[index]
    if (bck === undefined)
      throw new AisError('ErrBadRequest', 'get-batch: no such bucket in the request')
    return { bck, name, archivePath, start, length }
  })
  return { entries, needsSizes: parsed.data.needsSizes }
}

/** A row: the size, or code, status and message. */
export function formatOutlook(rows: readonly Outlook[]): string {
  return stringifyJson(
    rows.map((row): JsonValue => (isFault(row) ? faultJson(row) : row.sizeBytes)),
  )
}

function faultJson({ code, status, message }: BatchFault): JsonValue {
  return [code, status, message]
}

export function formatFault(fault: BatchFault): string {
  return stringifyJson(faultJson(fault))
}

function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && text in errorCodes
}

function malformed(): AisError {
  return new AisError('ErrInternal', 'get-batch: malformed answer of a peer')
}

/** @throws AisError `ErrInternal` */
export function parseFault(value: JsonValue | undefined): BatchFault {
  if (!Array.isArray(value)) throw malformed()
  const [code, status, message] = value
  if (!isErrorCode(code) || typeof status !== 'number' || typeof message !== 'string')
    throw malformed()
  return { code, status, message }
}

/** @throws AisError `ErrInternal` */
export function parseOutlook(bytes: Uint8Array, count: number): readonly Outlook[] {
  const rows = parseJsonBytes(bytes)
  if (!Array.isArray(rows) || rows.length !== count) throw malformed()
  return rows.map((row) => (typeof row === 'number' ? { sizeBytes: row } : parseFault(row)))
}

/** In front of everything but content: what follows, and its length. `o`: the outlook; `c`: content; `f`: a fault. */
export type FrameKind = 'o' | 'c' | 'f'

export const frameHeadBytes = 9

export function formatFrameHead(kind: FrameKind, length: number): Uint8Array {
  const head = new Uint8Array(frameHeadBytes)
  head[0] = kind.charCodeAt(0)
  new DataView(head.buffer).setFloat64(1, length)
  return head
}

/** @throws AisError `ErrInternal` */
export function parseFrameHead(head: Uint8Array): {
  readonly kind: FrameKind
  readonly length: number
} {
  const kind = String.fromCharCode(head[0] ?? 0)
  const length = new DataView(head.buffer, head.byteOffset).getFloat64(1)
  if (
    (kind !== 'o' && kind !== 'c' && kind !== 'f') ||
    !Number.isSafeInteger(length) ||
    length < 0
  ) {
    throw malformed()
  }
  return { kind, length }
}
