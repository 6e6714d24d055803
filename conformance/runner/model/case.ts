import type { Matcher } from '../matching/matcher.ts'
import type { JsonValue } from './json-value.ts'

/** `required` must pass; `optional` hangs on a server capability; `observed` only records. */
export type CaseKind = 'required' | 'optional' | 'observed'

/**
 * Where a step is sent. `owner` is the target that owns the object named in the path by the suite's
 * own placement, `other` a target that does not, `target` the first of the map.
 */
export type Place = 'gateway' | 'owner' | 'other' | 'target'

/** A deterministic pseudo-random body: the same numbers give the same bytes, on any machine. */
export interface GeneratedBytes {
  readonly bytes: number
  readonly seed: number
  /** First and one past the last byte of the part that is meant; the whole when absent. */
  readonly from?: number
  readonly to?: number
}

/** A request written byte for byte (text is taken as Latin-1) to a socket of its own. */
export interface RawRequest {
  readonly text: string
  /** After writing: wait for the answer, close our half first, or cut the connection. */
  readonly ending?: 'wait' | 'half-close' | 'cut'
}

/** Where a saved variable comes from. `json` is a dotted path; `part`: of a URL in the header, its path and query alone. */
export type SaveSpec =
  | { readonly header: string; readonly part?: 'path' }
  | { readonly json: string }
  | { readonly from: 'body' }

/** A step repeated until it meets its expectation; for answers that come later by design. */
export interface PollSpec {
  readonly attemptsMax: number
  readonly everyMs: number
}

/** What an error answer carries, besides the envelope that is always checked. */
export interface ExpectedError {
  readonly tcode?: Matcher
  readonly message?: Matcher
}

/** What a redirect carries, besides being 301 for GET and 307 for the rest. */
export interface ExpectedRedirect {
  /** `owner`: the suite's own placement says so. `target`: any target of the map. */
  readonly to: 'owner' | 'target'
}

/** What must hold of an answer. Everything left out is not looked at. */
export interface Expectation {
  /** `connectionClosed` (0) stands for a connection closed without an answer. */
  readonly status?: number | readonly number[]
  /** Lower-case names; repeated lines are joined with `, `. */
  readonly headers?: { readonly [name: string]: Matcher }
  /** The lines of one header, as a list. */
  readonly headerLines?: { readonly [name: string]: Matcher }
  /** The body as UTF-8 text. */
  readonly body?: Matcher
  readonly bytes?: GeneratedBytes
  readonly json?: Matcher
  readonly msgpack?: Matcher
  readonly error?: ExpectedError
  readonly redirect?: ExpectedRedirect
  /** Names from `runner/checks/registry.ts`. */
  readonly checks?: readonly string[]
}

/** The `status` of a connection that was closed without an answer. */
export const connectionClosed = 0

/** One request and what must hold of its answer. Strings may hold `{placeholders}`. */
export interface Step {
  /** `METHOD /path?query`, percent-encoded as it shall travel. */
  readonly send?: string
  readonly raw?: RawRequest
  readonly at?: Place
  /** A list is sent as that many lines. */
  readonly headers?: { readonly [name: string]: string | readonly string[] }
  readonly query?: { readonly [name: string]: string }
  readonly body?: string | GeneratedBytes
  readonly json?: JsonValue
  /** Send the body with `Transfer-Encoding: chunked`. */
  readonly chunked?: boolean
  /** Follow 301 and 307 as a native client does; true when absent. */
  readonly follow?: boolean
  /** The step is done once for each, with `{item}` standing for it. */
  readonly forEach?: readonly string[]
  readonly poll?: PollSpec
  readonly expect?: Expectation
  readonly save?: { readonly [variable: string]: SaveSpec }
}

/** One thing that can be shown to hold, or not, from outside. */
export interface ConformanceCase {
  /** Kebab case, unique. */
  readonly id: string
  /** Rows of the feature table. */
  readonly features: readonly string[]
  readonly kind: CaseKind
  /** Cases that must pass first; when one does not, this one is not tested. */
  readonly needs?: readonly string[]
  /** Where the rule comes from. */
  readonly source: string
  /** Whether `{bucket}` exists before the first step; `created` when absent. */
  readonly bucket?: 'created' | 'named'
  /** Properties `{bucket}` is created with. */
  readonly bucketProps?: JsonValue
  /** Ids from `cases/capabilities.ts`. */
  readonly capabilities?: readonly string[]
  /** Runs alone, because it changes what the whole cluster shows. */
  readonly exclusive?: boolean
  /** Where the original deliberately differs: what it does instead. */
  readonly deviation?: string
  readonly steps: readonly Step[]
  /** Done after the steps whatever came of them; answers are not looked at. */
  readonly cleanUp?: readonly Step[]
}
