const alphabet =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'

/** Bytes as text of five characters for each four bytes, none of them `/`. @see RFC 1924 (the alphabet) */
export function encodeBase85(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 4) {
    const count = Math.min(4, bytes.length - i)
    let value = 0
    for (let k = 0; k < 4; k++) value = value * 256 + (bytes[i + k] ?? 0)
    let group = ''
    for (let k = 0; k < 5; k++) {
      group = alphabet.charAt(value % 85) + group
      value = Math.floor(value / 85)
    }
    text += group.slice(0, count + 1)
  }
  return text
}

/** Inverse of `encodeBase85`; `undefined` when `text` is not what it would have written. */
export function decodeBase85(text: string): Uint8Array<ArrayBuffer> | undefined {
  const out: number[] = []
  for (let i = 0; i < text.length; i += 5) {
    const group = text.slice(i, i + 5)
    if (group.length < 2) return undefined
    let value = 0
    for (const char of group.padEnd(5, '~')) {
      const digit = alphabet.indexOf(char)
      if (digit < 0) return undefined
      value = value * 85 + digit
    }
    if (value > 0xffffffff) return undefined
    for (let k = 0; k < group.length - 1; k++) out.push(Math.floor(value / 256 ** (3 - k)) % 256)
  }
  const bytes = Uint8Array.from(out)
  return encodeBase85(bytes) === text ? bytes : undefined
}
