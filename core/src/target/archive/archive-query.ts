import { checkMemberName } from '../../archive/member.ts'
import { type MatchMode, memberMatcher, parseMatchMode } from '../../archive/member-matcher.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { Query } from '../../wire/query.ts'
import { queryParam } from '../../wire/query-params.ts'

/** What a read asks of a shard instead of the shard itself. */
export type ArchiveQuery =
  | { readonly kind: 'one'; readonly path: string; readonly mime: string }
  | {
      readonly kind: 'matching'
      /** For messages. */
      readonly title: string
      readonly mime: string
      readonly matches: (name: string) => boolean
    }

/** A path inside a shard; that of the shard in front, or a slash, is passed over as upstream does. */
export function archivePathOf(path: string, shard: string): string {
  const inner = path.startsWith(`${shard}/`) ? path.slice(shard.length + 1) : path
  const plain = inner.startsWith('/') ? inner.slice(1) : inner
  checkMemberName(plain)
  return plain
}

/** Whether a call may be about a shard's content: cheap, for the way of every read. */
export function mayBeArchiveCall(query: Query): boolean {
  return (
    query.has(queryParam.archivePath) ||
    query.has(queryParam.archiveMode) ||
    query.has(queryParam.archiveRegex)
  )
}

/**
 * What the call asks of a shard; `undefined` when it asks for the object (the Python SDK sends empty parameters).
 * @throws AisError `ErrBadRequest` naming the parameter
 */
export function findArchiveQuery(query: Query, shard: string): ArchiveQuery | undefined {
  const path = query.get(queryParam.archivePath) ?? ''
  const pattern = query.get(queryParam.archiveRegex) ?? ''
  const modeText = query.get(queryParam.archiveMode) ?? ''
  const mime = query.get(queryParam.archiveMime) ?? ''
  if (path !== '') {
    if (modeText === '' && pattern === '')
      return { kind: 'one', path: archivePathOf(path, shard), mime }
    throw new AisError(
      'ErrBadRequest',
      `archpath="${path.slice(0, 128)}" (match one) and archregx="${pattern.slice(0, 128)}" (match many) are mutually exclusive`,
    )
  }
  const isAll = pattern === '' || pattern === '*'
  if (modeText === '' && isAll && !query.has(queryParam.archiveMode)) return undefined
  const mode: MatchMode =
    modeText === '' || modeText === '*' ? (isAll ? 'prefix' : 'regexp') : parseMatchMode(modeText)
  const title = `(archregx=${pattern}, archmode=${mode})`
  return { kind: 'matching', title, mime, matches: memberMatcher(pattern, mode) }
}
