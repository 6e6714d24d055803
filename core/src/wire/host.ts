/**
 * Can this be the value of `Host`: a name or address, and a port of digits. Empty is a host
 * as well (RFC 9112 3.2). A runtime that puts `Host` before the target to make a URL would read the rest as a path.
 * @see RFC 3986 3.2.2
 */
export function isHost(text: string): boolean {
  return /^(?:\[[\w.:%-]*\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/.test(text)
}
