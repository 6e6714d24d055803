import { utf8Length } from '../algorithms/utf8.ts'
import { AisError } from '../errors/ais-error.ts'
import { isWellFormed } from '../wire/json.ts'

/** UTF-8 bytes of a member's name. */
export const memberNameBytesMax = 4_096

/** A regular file inside an archive. Its content can be read until the next member is asked for. */
export interface Member {
  readonly name: string
  readonly sizeBytes: number
  /** Seconds since the Unix epoch; 0 where the archive does not tell. */
  readonly mtimeSeconds: number
  /** Where the content lies in the archive's file, when it lies there as it is. */
  readonly offset?: number | undefined
  /** Once. @throws AisError `ErrBadRequest` the archive is cut or damaged */
  content(): AsyncIterable<Uint8Array>
}

/** A file on its way into an archive. */
export interface NewMember {
  readonly name: string
  readonly sizeBytes: number
  readonly mtimeSeconds: number
  readonly content: Uint8Array | AsyncIterable<Uint8Array>
}

/** Reads the members of an archive in the order they lie there. Directories, links and devices are passed over. */
export interface ArchiveReader {
  /** @throws AisError `ErrBadRequest` cut, damaged or hostile; `ErrTooLarge` a limit, by name */
  next(): Promise<Member | undefined>
  /** Frees what reading took. Safe to call twice. */
  close(): Promise<void>
}

/** An archive is not as it should be; `member`: where. */
export function damaged(why: string, member?: string): AisError {
  const at = member === undefined ? '' : ` (member ${shown(member)})`
  return new AisError('ErrBadRequest', `invalid archive: ${why}${at}`)
}

function shown(name: string): string {
  return JSON.stringify(name.length > 256 ? `${name.slice(0, 256)}...` : name)
}

/** What is wrong with a member's name, or `undefined`. */
function findFault(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name.includes('\0')) return 'NUL is not allowed'
  if (name.includes('\\')) return 'a backslash is not allowed'
  if (name.startsWith('/')) return 'it is absolute'
  if (/(?:^|\/)\.\.(?:\/|$)/.test(name)) return '".." is not allowed'
  if (!isWellFormed(name)) return 'not valid Unicode (lone surrogate)'
  if (utf8Length(name) > memberNameBytesMax) return `longer than ${memberNameBytesMax} bytes`
  return undefined
}

/**
 * A name that leads out of the folder it is unpacked to is neither read nor written.
 * @throws AisError `ErrBadRequest`
 */
export function checkMemberName(name: string): void {
  const fault = findFault(name)
  if (fault === undefined) return
  throw new AisError('ErrBadRequest', `invalid name in archive ${shown(name)}: ${fault}`)
}

/** Equal but for a `./` or `/` in front, which `tar` puts there. */
export function sameMember(a: string, b: string): boolean {
  return plainName(a) === plainName(b)
}

/** Without the `./` or `/` that `tar` puts in front. */
export function plainName(name: string): string {
  return name.replace(/^(?:\.?\/)+/, '')
}
