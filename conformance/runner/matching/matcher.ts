/**
 * What a value should look like, as data. A plain value must be equal, an object is a subset of the
 * keys, an array has exactly these elements in this order, a RegExp matches text; the rest is a rule.
 */
export type Matcher =
  | null
  | boolean
  | number
  | bigint
  | string
  | RegExp
  | Rule
  | readonly Matcher[]
  | { readonly [key: string]: Matcher }

/** A rule is told from an expected object by its `rule` field. */
export interface Rule {
  readonly rule: RuleName
  readonly values: readonly Matcher[]
}

/** Every rule the matching knows. */
export type RuleName =
  | 'absent'
  | 'present'
  | 'not'
  | 'oneOf'
  | 'all'
  | 'each'
  | 'mapOf'
  | 'contains'
  | 'unordered'
  | 'size'
  | 'exactly'
  | 'text'
  | 'integer'
  | 'atLeast'

const rule = (name: RuleName, ...values: readonly Matcher[]): Rule => ({ rule: name, values })

/** The key or header must not be there. */
export const absent: Rule = rule('absent')
/** The key or header must be there, with any value. */
export const present: Rule = rule('present')
/** Any string. */
export const text: Rule = rule('text')
/** Any whole number. */
export const integer: Rule = rule('integer')
/** A decimal number in a string, as AIStore writes counters. */
export const decimal: RegExp = /^\d+$/

/** Anything but this. */
export const not = (matcher: Matcher): Rule => rule('not', matcher)
/** One of several. */
export const oneOf = (...matchers: readonly Matcher[]): Rule => rule('oneOf', ...matchers)
/** All of several at once. */
export const all = (...matchers: readonly Matcher[]): Rule => rule('all', ...matchers)
/** An array whose every element matches; may be empty. */
export const each = (matcher: Matcher): Rule => rule('each', matcher)
/** An object whose every value matches; never empty. */
export const mapOf = (matcher: Matcher): Rule => rule('mapOf', matcher)
/** An array with at least these elements, in any order. */
export const contains = (...matchers: readonly Matcher[]): Rule => rule('contains', ...matchers)
/** An array with exactly these elements, in any order. */
export const unordered = (...matchers: readonly Matcher[]): Rule => rule('unordered', ...matchers)
/** An array, object or text of this many elements, keys or characters. */
export const size = (count: number): Rule => rule('size', count)
/** An object with these keys and no others. */
export const exactly = (keys: { readonly [key: string]: Matcher }): Rule => rule('exactly', keys)
/** A number, or a decimal text, not below this. */
export const atLeast = (least: number): Rule => rule('atLeast', least)
/** The entries of a listing that found nothing: Go writes a nil list as `null`. */
export const noEntries: Rule = oneOf([], null)
