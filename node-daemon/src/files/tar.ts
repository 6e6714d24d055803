const block = 512

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`
}

/** One file as a ustar member: header, content, padding. Names up to 100 bytes. @see POSIX.1-1988 ustar */
export function tarFile(name: string, content: Uint8Array): Uint8Array {
  const padded = Math.ceil(content.length / block) * block
  const out = new Uint8Array(block + padded)
  const encoder = new TextEncoder()
  const put = (text: string, at: number) => out.set(encoder.encode(text), at)
  put(name.slice(0, 100), 0)
  put(octal(0o644, 8), 100)
  put(octal(0, 8), 108)
  put(octal(0, 8), 116)
  put(octal(content.length, 12), 124)
  put(octal(Math.floor(Date.now() / 1000), 12), 136)
  put('        ', 148)
  put('0', 156)
  put('ustar\x0000', 257)
  let sum = 0
  for (let at = 0; at < block; at++) sum += out[at] ?? 0
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  out.set(content, block)
  return out
}
