import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Body } from '@aistore-ts/core/ports/call.ts'

/** Most of a body that is taken in unless told otherwise. */
const bytesMaxDefault = 67_108_864

/**
 * All of the body of an answer of `origin`, in memory of its own.
 * @throws AisError `ErrTooLarge` past `limitBytes`, and what the body throws
 */
export async function bodyBytes(
  body: Body,
  origin: string,
  limitBytes = bytesMaxDefault,
): Promise<Uint8Array> {
  const { lengthBytes } = body
  if ((lengthBytes ?? 0) > limitBytes) throw tooLarge(origin, limitBytes)
  let whole = new Uint8Array(lengthBytes ?? 4_096)
  let sizeBytes = 0
  await body.consume((chunk) => {
    const end = sizeBytes + chunk.byteLength
    if (end > limitBytes) throw tooLarge(origin, limitBytes)
    if (end > whole.byteLength) whole = grown(whole, Math.max(end, 2 * sizeBytes))
    whole.set(chunk, sizeBytes)
    sizeBytes = end
  })
  return sizeBytes === whole.byteLength ? whole : whole.subarray(0, sizeBytes)
}

function grown(bytes: Uint8Array<ArrayBuffer>, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(sizeBytes)
  larger.set(bytes)
  return larger
}

function tooLarge(origin: string, limitBytes: number): AisError {
  return new AisError('ErrTooLarge', `the answer of ${origin} exceeds ${limitBytes} bytes`)
}
