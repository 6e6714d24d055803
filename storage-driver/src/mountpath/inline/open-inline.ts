import type { ObjectMeta, OpenObject } from '@aistore-ts/core/ports/mountpath.ts'
import { assertInside } from '../objects/open-object.ts'

/** An object whose bytes are in memory: it needs no file, and pins itself. */
export function openInline(meta: ObjectMeta, bytes: Uint8Array): OpenObject {
  const part = (offset: number, length: number): Uint8Array => {
    assertInside(meta, offset, length)
    return bytes.subarray(offset, offset + length)
  }
  return {
    meta,
    body: (offset, length) => ({ kind: 'bytes', bytes: part(offset, length) }),
    async *read(offset = 0, length = meta.sizeBytes - offset) {
      const wanted = part(offset, length)
      if (length > 0) yield wanted
    },
    verifyRange: async () => 'unknown',
    close: () => {},
  }
}
