import { RE2JS } from 're2js'
import { AisError } from '../errors/ais-error.ts'

/** How `archregx` chooses members; `wdskey`: the path without its extension, by the convention of WebDataset. */
export const matchModes = ['regexp', 'prefix', 'suffix', 'substr', 'wdskey'] as const

export type MatchMode = (typeof matchModes)[number]

/** Characters of a pattern. */
const patternLengthMax = 4_096

/** @throws AisError `ErrBadRequest` naming `archmode` */
export function parseMatchMode(text: string): MatchMode {
  const found = matchModes.find((mode) => mode === text)
  if (found !== undefined) return found
  throw new AisError(
    'ErrBadRequest',
    `invalid archmode "${text.slice(0, 64)}", expecting one of: ${matchModes.join(' ')}`,
  )
}

/** The path without the extension of its last part. */
function wdsKey(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot <= name.lastIndexOf('/') ? name : name.slice(0, dot)
}

/**
 * Chooses members by name. Regular expressions are Go's and take time linear in the name; empty or `*` matches all.
 * @throws AisError `ErrBadRequest` naming `archregx`
 * @see AIStore cmn/archive/read.go
 */
export function memberMatcher(pattern: string, mode: MatchMode): (name: string) => boolean {
  if (pattern === '' || pattern === '*') return () => true
  if (pattern.length > patternLengthMax) {
    throw new AisError('ErrBadRequest', `archregx is longer than ${patternLengthMax} characters`)
  }
  switch (mode) {
    case 'prefix':
      return (name) => name.startsWith(pattern)
    case 'suffix':
      return (name) => name.endsWith(pattern)
    case 'substr':
      return (name) => name.includes(pattern)
    case 'wdskey':
      return (name) => wdsKey(name) === pattern
    case 'regexp':
      return regexpMatcher(pattern)
  }
}

function regexpMatcher(pattern: string): (name: string) => boolean {
  try {
    const expression = RE2JS.compile(pattern)
    return (name) => expression.matcher(name).find()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'malformed'
    throw new AisError('ErrBadRequest', `invalid archregx: ${why.slice(0, 256)}`, { cause })
  }
}
