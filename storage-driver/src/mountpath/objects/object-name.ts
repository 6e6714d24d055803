import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import { isVersionTail, versionTailBytes } from '@aistore-ts/core/object/version-name.ts'

/** Longest object name, bytes of UTF-8. */
export const nameBytesMax = 3_000

/** Longest path component Linux file systems take, bytes. */
export const componentBytesMax = 255

/**
 * How a name lies on disk: `plain` names are paths as they are; the others have an empty, `.` or `..` component or
 * one over 255 bytes, and are `escaped`.
 */
export type NameForm = 'plain' | 'escaped'

/**
 * Checks `name` and says how it lies on disk.
 * @throws AisError `ErrBadRequest` when it is empty, over 3,000 bytes, or holds a lone surrogate, or NUL
 * other than that of a former version
 */
export function nameForm(name: string): NameForm {
  const { length } = name
  if (length === 0) throw new AisError('ErrBadRequest', 'object name is empty')
  let form: NameForm = 'plain'
  let bytes = 0
  let start = 0
  let dots = 0
  let bytesMax = nameBytesMax
  for (let i = 0; i <= length; i++) {
    const unit = i === length ? slash : name.charCodeAt(i)
    if (unit === slash) {
      const component = bytes - start
      if (component === 0 || component > componentBytesMax) form = 'escaped'
      if (component === dots && dots <= 2) form = 'escaped'
      bytes++
      start = bytes
      dots = 0
    } else if (unit < 0x80) {
      if (unit === 0) {
        if (!isVersionTail(name.slice(i))) {
          throw new AisError('ErrBadRequest', 'object name contains a NUL character')
        }
        form = 'escaped'
        bytesMax += versionTailBytes
      }
      if (unit === dot) dots++
      bytes++
    } else if (unit < 0x800) {
      bytes += 2
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes += 3
    } else {
      const next = i + 1 < length ? name.charCodeAt(i + 1) : 0
      if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) {
        throw new AisError('ErrBadRequest', 'object name contains a lone surrogate')
      }
      bytes += 4
      i++
    }
  }
  // The closing slash that the loop added is not part of the name.
  if (bytes - 1 > bytesMax) {
    throw new AisError(
      'ErrBadRequest',
      `object name is too long: ${bytes - 1} bytes, at most ${nameBytesMax}`,
    )
  }
  return form
}

const slash = 0x2f
const dot = 0x2e

/** Order of UTF-8 bytes, which is that of code points; JavaScript's `<` is that of UTF-16 units. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** The least text above every text that starts with `prefix`; `undefined` when there is none. */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0
    if (point < 0x10ffff) {
      return points.join('') + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1)
    }
  }
  return undefined
}
