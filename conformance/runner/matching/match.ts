import { isJsonObject } from '../model/json-value.ts'
import type { Matcher, Rule, RuleName } from './matcher.ts'

/** Longest piece of a value shown in a complaint. */
const shownCharsMax = 300

/**
 * Compares a value with what is expected of it.
 * @param path where the value sits, for the complaint
 * @returns nothing when it matches, else one sentence naming the place, the wish and the value
 */
export function findMismatch(path: string, actual: unknown, expected: Matcher): string | undefined {
  if (expected instanceof RegExp) {
    return typeof actual === 'string' && expected.test(actual)
      ? undefined
      : `${path}: expected text like ${expected}, got ${show(actual)}`
  }
  if (Array.isArray(expected)) return findArrayMismatch(path, actual, expected)
  if (isRule(expected)) return rules[expected.rule](path, actual, expected.values)
  if (isJsonObject(expected)) return findObjectMismatch(path, actual, expected)
  return Object.is(actual, expected)
    ? undefined
    : `${path}: expected ${show(expected)}, got ${show(actual)}`
}

/** A value as it is shown in a complaint: JSON, cut to a readable length. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`
    return inner instanceof RegExp ? String(inner) : inner
  })
  return json.length <= shownCharsMax ? json : `${json.slice(0, shownCharsMax)}... (cut)`
}

function isRule(expected: Matcher): expected is Rule {
  return (
    typeof expected === 'object' && expected !== null && 'rule' in expected && 'values' in expected
  )
}

function findArrayMismatch(
  path: string,
  actual: unknown,
  expected: readonly Matcher[],
): string | undefined {
  if (!Array.isArray(actual) || actual.length !== expected.length) {
    return `${path}: expected ${expected.length} elements ${show(expected)}, got ${show(actual)}`
  }
  return first(expected.map((matcher, at) => findMismatch(`${path}[${at}]`, actual[at], matcher)))
}

function findObjectMismatch(
  path: string,
  actual: unknown,
  expected: { readonly [key: string]: Matcher },
): string | undefined {
  if (!isJsonObject(actual)) return `${path}: expected an object, got ${show(actual)}`
  return first(
    Object.entries(expected).map(([key, matcher]) =>
      findMismatch(`${path}.${key}`, Object.hasOwn(actual, key) ? actual[key] : undefined, matcher),
    ),
  )
}

type RuleCheck = (path: string, actual: unknown, values: readonly Matcher[]) => string | undefined

const matches = (actual: unknown, matcher: Matcher): boolean =>
  findMismatch('', actual, matcher) === undefined

const rules: { readonly [name in RuleName]: RuleCheck } = {
  absent: (path, actual) =>
    actual === undefined ? undefined : `${path}: expected to be absent, got ${show(actual)}`,
  present: (path, actual) =>
    actual === undefined ? `${path}: expected to be there, is absent` : undefined,
  text: (path, actual) =>
    typeof actual === 'string' ? undefined : `${path}: expected text, got ${show(actual)}`,
  integer: (path, actual) =>
    Number.isInteger(actual) || typeof actual === 'bigint'
      ? undefined
      : `${path}: expected a whole number, got ${show(actual)}`,
  not: (path, actual, [matcher = null]) =>
    matches(actual, matcher)
      ? `${path}: expected anything but ${show(matcher)}, got ${show(actual)}`
      : undefined,
  oneOf: (path, actual, values) =>
    values.some((matcher) => matches(actual, matcher))
      ? undefined
      : `${path}: expected one of ${show(values)}, got ${show(actual)}`,
  all: (path, actual, values) =>
    first(values.map((matcher) => findMismatch(path, actual, matcher))),
  each: (path, actual, [matcher = null]) =>
    Array.isArray(actual)
      ? first(actual.map((item, at) => findMismatch(`${path}[${at}]`, item, matcher)))
      : `${path}: expected an array, got ${show(actual)}`,
  mapOf: (path, actual, [matcher = null]) => {
    const entries = isJsonObject(actual) ? Object.entries(actual) : []
    return entries.length === 0
      ? `${path}: expected an object with keys, got ${show(actual)}`
      : first(entries.map(([key, item]) => findMismatch(`${path}.${key}`, item, matcher)))
  },
  contains: (path, actual, values) =>
    Array.isArray(actual)
      ? first(
          values.map((matcher) =>
            actual.some((item) => matches(item, matcher))
              ? undefined
              : `${path}: expected an element ${show(matcher)}, got ${show(actual)}`,
          ),
        )
      : `${path}: expected an array, got ${show(actual)}`,
  unordered: (path, actual, values) =>
    Array.isArray(actual) && actual.length === values.length
      ? rules.contains(path, actual, values)
      : `${path}: expected ${values.length} elements ${show(values)}, got ${show(actual)}`,
  size: (path, actual, [count = null]) => {
    const size = sizeOf(actual)
    return size === count ? undefined : `${path}: expected size ${show(count)}, got ${size}`
  },
  exactly: (path, actual, [keys = null]) => {
    if (!isJsonObject(actual) || !isJsonObject(keys)) {
      return `${path}: expected an object, got ${show(actual)}`
    }
    const extra = Object.keys(actual).filter((key) => !Object.hasOwn(keys, key))
    return extra.length > 0
      ? `${path}: unexpected keys ${show(extra)}`
      : findMismatch(path, actual, keys)
  },
  atLeast: (path, actual, [least = null]) =>
    (typeof actual === 'number' || typeof actual === 'string' || typeof actual === 'bigint') &&
    actual !== '' &&
    Number(actual) >= Number(least)
      ? undefined
      : `${path}: expected at least ${show(least)}, got ${show(actual)}`,
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  return isJsonObject(value) ? Object.keys(value).length : undefined
}

function first(complaints: readonly (string | undefined)[]): string | undefined {
  return complaints.find((complaint) => complaint !== undefined)
}
