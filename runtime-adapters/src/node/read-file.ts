import { read, readSync } from 'node:fs'
import type { FileSlice } from '@aistore-ts/core/ports/call.ts'

/** Reads up to `length` bytes at `offset` into the front of `buffer`, off the event loop. */
export function readAt(
  fd: number,
  buffer: Uint8Array,
  length: number,
  offset: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, length, offset, (error, bytesRead) => {
      if (error) reject(error)
      else resolve(bytesRead)
    })
  })
}

/**
 * All slices in one new buffer, read at once: for short replies.
 * @throws Error when a file is shorter than its slice
 */
export function readSlicesNow(slices: readonly FileSlice[], lengthBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(lengthBytes)
  let at = 0
  for (const slice of slices) {
    const end = at + slice.length
    let offset = slice.offset
    while (at < end) {
      const count = readSync(slice.file.fd, bytes, at, end - at, offset)
      if (count === 0) throw new Error(`a file ended ${end - at} bytes before its slice`)
      at += count
      offset += count
    }
  }
  return bytes
}

/** Closes each file of `slices` once. */
export function closeFiles(slices: readonly FileSlice[]): void {
  const first = slices[0]
  if (first === undefined) return
  if (slices.length === 1) first.file.close()
  else for (const file of new Set(slices.map((slice) => slice.file))) file.close()
}
