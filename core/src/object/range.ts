import { AisError } from '../errors/ais-error.ts'

/** Bytes `[offset, offset + length)`; `length` is at least 1. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/** Longest header that can say one range, with room for spaces. */
const rangeLengthMax = 1_024

/** Upstream reads both ends as int64. */
const int64Max = 2n ** 63n - 1n

/**
 * The one range a `Range` header asks of `sizeBytes` bytes, its end clamped; `whole` without a header.
 * `bytes=a-b`, `a-` and `-n` (the last n).
 * @throws AisError `ErrRangeNotSatisfiable` malformed, several ranges, or nothing of it exists
 * @see RFC 9110 14.1, AIStore ais/utils.go
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | 'whole' {
  const text = header?.trim() ?? ''
  if (text === '') return 'whole'
  if (text.length > rangeLengthMax) throw malformed(text, sizeBytes, 'too long')
  const match = /^bytes=(.*)$/i.exec(text)
  if (match === null) throw malformed(text, sizeBytes, 'prefix')
  const ranges = (match[1] ?? '').split(',').map((range) => range.trim())
  const given = ranges.filter((range) => range !== '')
  if (given.length > 1) throw malformed(text, sizeBytes, 'several ranges are not supported')
  const [, start, end] = /^([0-9]*)\s*-\s*([0-9]*)$/.exec(given[0] ?? '') ?? []
  if (start === undefined || end === undefined || (start === '' && end === '')) {
    throw malformed(text, sizeBytes, 'expecting bytes=a-b, bytes=a- or bytes=-n')
  }
  if ([start, end].some((digits) => digits !== '' && BigInt(digits) > int64Max)) {
    throw malformed(text, sizeBytes, 'number out of range')
  }
  // Digits beyond 2^53 are only ever past the end, where rounding does not matter.
  if (start === '') {
    const length = Math.min(Number(end), sizeBytes)
    if (length === 0) throw unsatisfiable(given, sizeBytes)
    return { offset: sizeBytes - length, length }
  }
  const offset = Number(start)
  if (end !== '' && Number(end) < offset) throw malformed(text, sizeBytes, 'end')
  if (offset >= sizeBytes) throw unsatisfiable(given, sizeBytes)
  const last = end === '' ? sizeBytes - 1 : Math.min(Number(end), sizeBytes - 1)
  return { offset, length: last - offset + 1 }
}

/** `Content-Range` of a 206. */
export function contentRange({ offset, length }: ByteRange, sizeBytes: number): string {
  return `bytes ${offset}-${offset + length - 1}/${sizeBytes}`
}

function malformed(text: string, sizeBytes: number, why: string): AisError {
  const shown = text.slice(0, 128)
  return new AisError(
    'ErrRangeNotSatisfiable',
    `size=${sizeBytes}: read range "${shown}" is invalid (${why})`,
  )
}

function unsatisfiable(ranges: readonly string[], sizeBytes: number): AisError {
  const shown = ranges.join(' ').slice(0, 128)
  return new AisError(
    'ErrRangeNotSatisfiable',
    `size=${sizeBytes}: not satisfiable range[s] [${shown}]`,
  )
}
