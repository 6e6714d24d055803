/** One header line: name and value. Values are text; the transports do the bytes. */
export type HeaderLine = readonly [name: string, value: string]

/** Headers of an answer: names in any case, repeated lines kept apart where the runtime lets them. */
export class ResponseHeaders {
  readonly #lines: readonly HeaderLine[]
  readonly #joined: boolean

  /** @param joined the runtime put repeated lines into one, with `, ` between, as `fetch` does */
  constructor(lines: readonly HeaderLine[], joined = false) {
    this.#joined = joined
    this.#lines = lines.map(([name, value]) => [name.toLowerCase(), fromLatin1(value)])
  }

  /** Value of the first line called `name` (lower-case), or `undefined`. */
  get(name: string): string | undefined {
    return this.#lines.find(([key]) => key === name)?.[1]
  }

  /** Values of all lines called `name` (lower-case), in order. */
  all(name: string): readonly string[] {
    const values = this.#lines.filter(([key]) => key === name).map(([, value]) => value)
    return this.#joined ? values.flatMap((value) => value.split(', ')) : values
  }

  lines(): readonly HeaderLine[] {
    return this.#lines
  }
}

/** Header text for the wire: UTF-8 bytes, one character each, as `fetch` and `node:http` want them. */
export function toLatin1(text: string): string {
  if (isAscii(text)) return text
  let out = ''
  for (const byte of new TextEncoder().encode(text)) out += String.fromCharCode(byte)
  return out
}

/** The reverse of `toLatin1`; text that is not UTF-8 stays as it arrived. */
export function fromLatin1(text: string): string {
  if (isAscii(text)) return text
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return text
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 126) return false
  return true
}
