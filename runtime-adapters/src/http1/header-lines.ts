/** A header name, or a method. @see RFC 9110 5.6.2 */
export const token = /^[\w!#$%&'*+.^`|~-]+$/
const forbidden = /[^\t\r\n -~\x80-\xff]/
/** Beyond 2^53 no length is exact; nobody sends so much. */
export const lengthText = /^[0-9]{1,15}$/

const space = 32
const tab = 9

/** What the framing of a message depends on. */
export interface Framing {
  host: string | undefined
  length: string | undefined
  coding: string | undefined
  connection: string
  expect: string | undefined
}

/** The header lines of a message as they arrived (name, value, name, value), the space around values aside. */
export interface HeaderLines {
  readonly rawHeaders: readonly string[]
  readonly framing: Framing
}

/**
 * Reads the header lines of a head, strictly: one character a byte, from its first line to the end of the last header
 * line, without the empty line. Why there are none, where two readers could understand them in two ways.
 */
export function readHeaderLines(text: string): HeaderLines | string {
  if (forbidden.test(text)) return 'control character in a header'
  const rawHeaders: string[] = []
  const framing: Framing = {
    host: undefined,
    length: undefined,
    coding: undefined,
    connection: '',
    expect: undefined,
  }
  let at = nextLine(text, 0)
  while (at > 0 && at < text.length) {
    const end = text.indexOf('\r', at)
    const colon = text.indexOf(':', at)
    if (colon < 0 || colon > end) return 'header line without a colon'
    const name = text.slice(at, colon)
    if (!token.test(name)) return 'header name'
    const value = trimmed(text, colon + 1, end)
    rawHeaders.push(name, value)
    if (!frame(framing, name, value)) return `${name} is repeated`
    at = nextLine(text, at)
  }
  return at < 0 ? 'header line does not end with CRLF' : { rawHeaders, framing }
}

/** Where the line after the one at `at` begins; -1 unless this one ends with CRLF and holds no other CR or LF. */
function nextLine(text: string, at: number): number {
  const end = text.indexOf('\r', at)
  return end >= 0 && text.indexOf('\n', at) === end + 1 ? end + 2 : -1
}

function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === space || code === tab
}

/** Notes a line that the framing depends on; `false` when it was there before. */
function frame(framing: Framing, name: string, value: string): boolean {
  switch (name.length) {
    case 4:
      if (name.toLowerCase() !== 'host') return true
      if (framing.host !== undefined) return false
      framing.host = value
      return true
    case 6:
      if (name.toLowerCase() === 'expect') framing.expect = value.toLowerCase()
      return true
    case 10:
      if (name.toLowerCase() === 'connection') framing.connection += `${value.toLowerCase()},`
      return true
    case 14:
      if (name.toLowerCase() !== 'content-length') return true
      if (framing.length !== undefined) return false
      framing.length = value
      return true
    case 17:
      if (name.toLowerCase() !== 'transfer-encoding') return true
      if (framing.coding !== undefined) return false
      framing.coding = value.toLowerCase()
      return true
    default:
      return true
  }
}

/** May the connection be used again after a message with these values of `Connection`? `old`: it is HTTP/1.0. */
export function keepsAlive(connection: string, old: boolean): boolean {
  if (connection === '') return !old
  const words = connection.split(',').map((word) => word.trim())
  return !words.includes('close') && (!old || words.includes('keep-alive'))
}
