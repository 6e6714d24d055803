/**
 * Order of two strings by their UTF-8 bytes: the order of Go, S3 and SQLite.
 * JavaScript's own order compares UTF-16 units and differs where surrogates meet U+E000 to U+FFFF.
 * Lone surrogates sort as their code point; valid names hold none.
 */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0
  const end = Math.min(a.length, b.length)
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // A surrogate stands for a code point above every unit of the basic plane.
    const xHigh = x >= 0xd800 && x <= 0xdfff
    const yHigh = y >= 0xd800 && y <= 0xdfff
    if (xHigh !== yHigh) return xHigh ? 1 : -1
    return x - y
  }
  return a.length - b.length
}

/** Length of `text` in UTF-8 bytes, without encoding it. A lone surrogate counts 3, as its replacement does. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes += 1
    else if (unit < 0x800) bytes += 2
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4
      i++
    } else bytes += 3
  }
  return bytes
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

const encoder = new TextEncoder()

/** Texts up to this length are encoded here, when they are ASCII: Node's encoder costs five times as much. */
const shortCharsMax = 64

/** UTF-8 bytes of `text`. */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  const { length } = text
  if (length > shortCharsMax) return encoder.encode(text)
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 0x7f) return encoder.encode(text)
    bytes[at] = unit
  }
  return bytes
}

/** Text of valid UTF-8 bytes, byte order mark kept; `undefined` when they are not valid. */
export function utf8Decode(bytes: Uint8Array): string | undefined {
  try {
    // Decoders are stateful between calls only when streaming; one per call keeps the module stateless.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
