import { utf8Length } from '../algorithms/utf8.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import { isWellFormed } from '../wire/json.ts'

/** A `.` or `..` between slashes, at either end too. */
function hasDotSegment(path: string): boolean {
  return /(?:^|\/)\.\.?(?:\/|$)/.test(path)
}

/** What is wrong with a name or prefix, or `undefined`. */
function findFault(path: string): string | undefined {
  if (path.startsWith('~/')) return 'must not start with "~/"'
  if (path.includes('\0')) return 'NUL is not allowed'
  if (!isWellFormed(path)) return 'not valid Unicode (lone surrogate)'
  if (hasDotSegment(path)) return '"." and ".." path components are not allowed'
  const bytes = utf8Length(path)
  const max = limits.objectNameBytesMax
  return bytes > max ? `too long: ${bytes} > ${max} bytes` : undefined
}

function refuse(kind: string, path: string, why: string): AisError {
  // A name that is too long is not repeated whole into the answer and the log.
  const shown = path.length > 256 ? `${path.slice(0, 256)}...` : path
  return new AisError('ErrBadRequest', `invalid ${kind} ${JSON.stringify(shown)}: ${why}`)
}

/** Of names that are good for reading, those that nothing may be written under. */
export function isReadOnlyName(name: string): boolean {
  return name.endsWith('/')
}

/**
 * Any Unicode text of 1 to 3,000 UTF-8 bytes, without NUL, `.` and `..` components, or a leading `~/`; for
 * writes no trailing slash either. What passes is kept byte for byte.
 * @throws AisError `ErrBadRequest`
 * @see AIStore cmn/cos/err.go ValidateOname
 */
export function checkObjectName(name: string, options: { readonly forWrite: boolean }): void {
  if (name === '') throw new AisError('ErrBadRequest', 'invalid object name ""')
  const trailing = options.forWrite && isReadOnlyName(name) ? 'must not end with "/"' : undefined
  const fault = trailing ?? findFault(name)
  if (fault !== undefined) throw refuse('object name', name, fault)
}

/** As a name, but it may be empty and may end with a slash. @throws AisError `ErrBadRequest` */
export function checkPrefix(prefix: string): void {
  const fault = findFault(prefix)
  if (fault !== undefined) throw refuse('prefix', prefix, fault)
}
