import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import { decodeBase85, encodeBase85 } from './base85.ts'
import { nameForm } from './object-name.ts'

/** Folder of objects whose names are paths. @see AIStore core/meta/ct.go (content types) */
export const plainFolder = '%ob'

/** Folder of objects whose names cannot be paths, or lie where another object is in the way. */
export const escapedFolder = '%ox'

/** Escaped text up to this length stays readable; longer text is packed, so that paths stay under 4,096 bytes. */
const readableCharsMax = 1_000
const pieceChars = 240

/**
 * Path of an object's file below its bucket's folder. Both forms are injective, and no two names share a path or
 * have one where another needs a directory of the escaped folder.
 */
export function objectPath(name: string, escaped: boolean): string {
  return escaped ? `${escapedFolder}/${escapeName(name)}` : `${plainFolder}/${name}`
}

/** Inverse of `objectPath`; `undefined` for a path that it never gives. */
export function parseObjectPath(path: string): { name: string; escaped: boolean } | undefined {
  const slash = path.indexOf('/')
  const folder = path.slice(0, slash)
  const rest = path.slice(slash + 1)
  if (folder === plainFolder) {
    return isPlain(rest) ? { name: rest, escaped: false } : undefined
  }
  if (folder !== escapedFolder) return undefined
  const name = unescapeName(rest)
  return name === undefined ? undefined : { name, escaped: true }
}

function isPlain(name: string): boolean {
  try {
    return nameForm(name) === 'plain'
  } catch (error) {
    if (isAisError(error)) return false
    throw error
  }
}

/** `p` and percent-escapes, or `z` and base 85, cut into `+piece/.../=piece`. */
function escapeName(name: string): string {
  const bytes = new TextEncoder().encode(name)
  const readable = percentEncode(bytes)
  let text = readable.length <= readableCharsMax ? `p${readable}` : `z${encodeBase85(bytes)}`
  let path = ''
  while (text.length > pieceChars) {
    path += `+${text.slice(0, pieceChars)}/`
    text = text.slice(pieceChars)
  }
  return `${path}=${text}`
}

function unescapeName(path: string): string | undefined {
  const pieces = path.split('/')
  const text = pieces.map((piece) => piece.slice(1)).join('')
  const bytes = text.startsWith('p') ? percentDecode(text.slice(1)) : decodeBase85(text.slice(1))
  if (bytes === undefined) return undefined
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    nameForm(name)
    return escapeName(name) === path ? name : undefined
  } catch (error) {
    if (error instanceof TypeError || isAisError(error)) return undefined
    throw error
  }
}

function percentEncode(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    const char = String.fromCharCode(byte)
    text += /[A-Za-z0-9._-]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}

function percentDecode(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^(?:[A-Za-z0-9._-]|%[0-9A-F]{2})*$/.test(text)) return undefined
  const out: number[] = []
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '%') {
      out.push(Number.parseInt(text.slice(i + 1, i + 3), 16))
      i += 2
    } else out.push(text.charCodeAt(i))
  }
  return Uint8Array.from(out)
}
