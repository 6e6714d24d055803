/** Bytes that SHA-256 takes in at once. */
const blockBytes = 64
const digestBytes = 32
const innerPad = 0x36
const outerPad = 0x5c
/** Longer texts get memory of their own, bytes. */
const textBytesMax = 4_096
/** UTF-8 takes no more for a character of UTF-16. */
const bytesPerCharacterMax = 3

/** Puts the SHA-256 of `bytes` into the 32 bytes of `into`. */
export type DigestInto = (bytes: Uint8Array, into: Buffer) => void

/**
 * HMAC-SHA-256 (RFC 2104) of two digests: a `createHmac` costs six times as much on Node. The memory that it works in is
 * used again by the next call, the one it gives is not.
 */
export function createHmacSha256(
  digest: DigestInto,
): (key: Uint8Array, data: Uint8Array | string) => Uint8Array {
  const kept = Buffer.allocUnsafeSlow(blockBytes + textBytesMax)
  const outer = Buffer.allocUnsafeSlow(blockBytes + digestBytes)
  const innerDigest = outer.subarray(blockBytes)
  const keyDigest = Buffer.allocUnsafeSlow(digestBytes)

  return (key, data) => {
    let block = key
    if (key.length > blockBytes) {
      digest(key, keyDigest)
      block = keyDigest
    }
    const most = typeof data === 'string' ? data.length * bytesPerCharacterMax : data.length
    const inner = most > textBytesMax ? Buffer.allocUnsafe(blockBytes + most) : kept
    for (let at = 0; at < blockBytes; at++) {
      const byte = block[at] ?? 0
      inner[at] = byte ^ innerPad
      outer[at] = byte ^ outerPad
    }
    let length = data.length
    if (typeof data === 'string') length = inner.write(data, blockBytes)
    else inner.set(data, blockBytes)
    digest(inner.subarray(0, blockBytes + length), innerDigest)
    const result = Buffer.allocUnsafe(digestBytes)
    digest(outer, result)
    return result
  }
}
