import { toBase64 } from '../../algorithms/base64.ts'
import { fromHex } from '../../algorithms/hex.ts'
import { utf8Encode } from '../../algorithms/utf8.ts'
import type { Hasher } from '../../ports/platform.ts'

const blockBytes = 64

/** HMAC-SHA1 in base64. RFC 2104 */
export function hmacSha1Base64(createSha1: () => Hasher, key: string, text: string): string {
  const sha1 = (...parts: Uint8Array[]): Uint8Array => {
    const hasher = createSha1()
    for (const part of parts) hasher.update(part)
    return fromHex(hasher.digestHex()) ?? new Uint8Array()
  }
  const given = utf8Encode(key)
  const block = new Uint8Array(blockBytes)
  block.set(given.length > blockBytes ? sha1(given) : given)
  const inner = block.map((byte) => byte ^ 0x36)
  const outer = block.map((byte) => byte ^ 0x5c)
  return toBase64(sha1(outer, sha1(inner, utf8Encode(text))))
}
