import type { HeaderBlock } from '@aistore-ts/core/ports/call.ts'

/** Bytes of an object, from `start` up to `end`, which is none of them. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly sizeBytes: number
}

interface Told {
  readonly status: number
  readonly headers: Pick<HeaderBlock, 'get'>
}

/** What of the object an answer has; `undefined`: that is not plain, as of several ranges. */
export function spanOf({ status, headers }: Told): Span | undefined {
  const length = headers.get('content-length') ?? ''
  if (status === 200) {
    const sizeBytes = /^\d{1,15}$/.test(length) ? Number(length) : undefined
    return sizeBytes === undefined ? undefined : { start: 0, end: sizeBytes, sizeBytes }
  }
  if (status !== 206) return undefined
  const range = headers.get('content-range') ?? ''
  const [, first, last, size] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(range) ?? []
  if (first === undefined || Number(last) < Number(first)) return undefined
  return { start: Number(first), end: Number(last) + 1, sizeBytes: Number(size) }
}
