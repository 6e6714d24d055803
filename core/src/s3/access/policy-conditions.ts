import { isJsonObject, type JsonValue } from '../../wire/json.ts'
import { findConditionKey, type KeyKind } from './condition-keys.ts'
import { isInRange, parseIpRange } from './ip-ranges.ts'
import { type MalformedAt, textsOf } from './policy-text.ts'
import { matchesWildcard } from './wildcard.ts'

/** Values of condition keys at one call; `undefined`: the call has none. */
export type ConditionValues = (key: string) => readonly string[] | undefined

/** One key under one operator. */
export interface Condition {
  readonly key: string
  /** Whether a value of the call is as one of the policy's. */
  readonly matches: (value: string) => boolean
  /** `NotEquals` and the like: true when nothing matches. */
  readonly negated: boolean
  /** What a call without the key is. */
  readonly absent: boolean
  /** Of keys with several values. */
  readonly quantifier: 'any' | 'all'
  /** `Null`: asks only whether the key is there. */
  readonly wantsNull?: boolean | undefined
  /** Whether it holds for few callers only: what makes a policy for everybody not public. */
  readonly narrows: boolean
}

type Compare = (a: number, b: number) => boolean

const comparisons: Readonly<Record<string, Compare>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
}

/** Ms since the epoch of an ISO 8601 time or of seconds; NaN when it is neither. */
function timeOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

type Test = (value: string) => boolean

function ordered(name: string, wanted: string, read: (text: string) => number): Test | undefined {
  const compare = comparisons[name]
  const bound = read(wanted)
  if (compare === undefined || Number.isNaN(bound)) return undefined
  return (value) => compare(read(value), bound)
}

const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

/** How one wanted value is tested; `undefined`: no such operator, or the value is none of its kind. */
function testOf(operator: string, wanted: string): { kinds: KeyKind[]; test: Test } | undefined {
  const texts: KeyKind[] = ['string', 'arn', 'number', 'date', 'bool']
  const of = (kinds: KeyKind[], test: Test | undefined) => test && { kinds, test }
  switch (operator) {
    case 'StringEquals':
      return of(texts, (value) => value === wanted)
    case 'StringEqualsIgnoreCase':
      return of(texts, (value) => value.toLowerCase() === wanted.toLowerCase())
    case 'StringLike':
      return of(texts, (value) => matchesWildcard(wanted, value))
    case 'ArnEquals':
    case 'ArnLike':
      return of(['arn'], (value) => matchesWildcard(wanted, value))
    case 'Bool':
      if (!/^(true|false)$/i.test(wanted)) return undefined
      return of(['bool'], (value) => value === wanted.toLowerCase())
    case 'IpAddress': {
      const range = parseIpRange(wanted)
      return range && of(['ip'], (value) => isInRange(range, value))
    }
  }
  const [, kind, name = ''] = /^(Numeric|Date)(\w+)$/.exec(operator) ?? []
  if (kind === 'Numeric') return of(['number'], ordered(name, wanted, numberOf))
  if (kind === 'Date') return of(['date'], ordered(name, wanted, timeOf))
  return undefined
}

/** Keys that tell callers apart, as far as a fixed value of them does. */
function narrows(key: string, operator: string, wanted: readonly string[]): boolean {
  if (key === 'aws:sourceip') {
    return operator === 'IpAddress' && wanted.every((range) => !range.endsWith('/0'))
  }
  if (key !== 'aws:principalarn' && key !== 'aws:userid' && key !== 'aws:username') return false
  return /Equals$|Like$/.test(operator) && wanted.every((text) => !/[*?]/.test(text))
}

interface Operator {
  readonly base: string
  readonly negated: boolean
  readonly ifExists: boolean
  readonly quantifier: 'any' | 'all' | undefined
}

function parseOperator(text: string): Operator {
  const [, set, rest = ''] = /^(?:(ForAnyValue|ForAllValues):)?(.*)$/.exec(text) ?? []
  const ifExists = rest.endsWith('IfExists') && rest !== 'NullIfExists'
  const name = ifExists ? rest.slice(0, -'IfExists'.length) : rest
  const base = name.replace(/^(String|Numeric|Date|Arn)Not/, '$1').replace(/^NotIp/, 'Ip')
  const quantifier = set === undefined ? undefined : set === 'ForAllValues' ? 'all' : 'any'
  return { base, negated: base !== name, ifExists, quantifier }
}

function parseCondition(
  operatorText: string,
  given: string,
  value: JsonValue,
  malformed: MalformedAt,
): Condition {
  const { base, negated, ifExists, quantifier } = parseOperator(operatorText)
  const found = findConditionKey(given)
  if (found === undefined) {
    throw malformed(`Policy has an invalid condition key: "${given}" is not supported`)
  }
  const { key, kind } = found
  const wanted = textsOf(value)
  if (wanted === undefined || wanted.length === 0) throw malformed('Invalid condition value')
  if (wanted.some((text) => text.includes('${'))) {
    throw malformed('Policy variables are not supported')
  }
  if (base === 'Null') {
    const [only] = wanted
    if (wanted.length !== 1 || !/^(true|false)$/i.test(only ?? '')) {
      throw malformed('Null takes true or false')
    }
    const wantsNull = only?.toLowerCase() === 'true'
    const always = () => true
    return {
      key,
      matches: always,
      negated,
      absent: wantsNull,
      quantifier: 'any',
      wantsNull,
      narrows: false,
    }
  }
  const tests = wanted.map((text) => {
    const test = testOf(base, text)
    if (test === undefined) throw malformed(`Invalid operator, or invalid value "${text}"`)
    if (!test.kinds.includes(kind)) {
      throw malformed(`The operator does not go with the condition key "${given}"`)
    }
    return test.test
  })
  return {
    key,
    matches: (text) => tests.some((test) => test(text)),
    negated,
    absent: ifExists || negated || quantifier === 'all',
    quantifier: quantifier ?? (negated ? 'all' : 'any'),
    narrows: !negated && !ifExists && quantifier !== 'all' && narrows(key, base, wanted),
  }
}

/** @throws S3Error `MalformedPolicy` by `malformed`, naming operator and key */
export function parseConditions(value: JsonValue, malformed: MalformedAt): readonly Condition[] {
  if (!isJsonObject(value)) throw malformed('Condition must be an object')
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (!isJsonObject(keys)) throw malformed(`Condition.${operator} must be an object`)
    return Object.entries(keys).map(([key, wanted]) =>
      parseCondition(operator, key, wanted, (why) =>
        malformed(`${why} (Condition.${operator}.${key})`),
      ),
    )
  })
}

/** Whether a condition holds for the values of a call. */
export function holds(condition: Condition, values: ConditionValues): boolean {
  const given = values(condition.key)
  if (given === undefined || given.length === 0) return condition.absent
  if (condition.wantsNull !== undefined) return !condition.wantsNull
  const test = (value: string) => condition.matches(value) !== condition.negated
  return condition.quantifier === 'all' ? given.every(test) : given.some(test)
}
