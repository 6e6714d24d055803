import { isUtf8 } from 'node:buffer'

const beyondAscii = /[^\0-\x7f]/

/**
 * Header text as core knows it, from its bytes as they arrived, one character a byte.
 * Bytes that are no UTF-8 stay one character a byte: an old client's Latin-1 is kept readable, not replaced.
 */
export function fromWireText(text: string): string {
  if (!beyondAscii.test(text)) return text
  const bytes = Buffer.from(text, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : text
}

/** What no field value may hold (RFC 9110 5.5); a name from a client may well hold it. */
const controls = /[^\t -~\u0080-\uffff]/g

/** Nearly every value: nothing to be done about it. */
const plain = /^[\t -~]*$/

/**
 * The UTF-8 bytes of `text`, one character a byte, as header text is written to the wire. Control characters
 * become spaces, as Go's server writes them.
 */
export function toWireText(text: string): string {
  if (plain.test(text)) return text
  return Buffer.from(text.replace(controls, ' '), 'utf8').toString('latin1')
}
