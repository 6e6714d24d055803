import { toHex } from '../algorithms/hex.ts'
import { utf8Encode } from '../algorithms/utf8.ts'
import { type JsonObject, stringifyJson } from '../wire/json.ts'
import { isFault, type Outlook } from './batch-part.ts'
import type { BatchEntry, BatchRequest } from './batch-request.ts'

export interface MultipartAnswer {
  readonly request: BatchRequest
  readonly rows: readonly Outlook[]
  readonly jobId: string
  readonly boundary: Uint8Array
  readonly archive: AsyncIterable<Uint8Array>
}

export function multipartType(boundary: Uint8Array): string {
  return `multipart/mixed; boundary=${toHex(boundary)}`
}

function outOf(entry: BatchEntry, row: Outlook | undefined): JsonObject {
  const out: JsonObject = { objname: entry.name }
  if (entry.archivePath !== '') out.archpath = entry.archivePath
  out.bucket = entry.bucket
  out.provider = entry.provider
  if (row !== undefined && isFault(row)) out.err_msg = row.message
  if (entry.opaque !== '') out.opaque = entry.opaque
  out.size = row === undefined || isFault(row) ? 0 : row.sizeBytes
  return out
}

/** The two parts of a buffered answer: what each entry became, then the archive. @see AIStore api/apc/ml.go MossResp */
export async function* multipartBody(answer: MultipartAnswer): AsyncGenerator<Uint8Array> {
  const { request, rows, jobId, archive } = answer
  const boundary = toHex(answer.boundary)
  const out = request.entries.map((entry, i) => outOf(entry, rows[i]))
  yield utf8Encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n` +
      `${stringifyJson({ uuid: jobId, out })}\n\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="archive"; filename="get-batch[${jobId}]"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  )
  yield* archive
  yield utf8Encode(`\r\n--${boundary}--\r\n`)
}
