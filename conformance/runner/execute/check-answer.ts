import { findEnvelopeMismatch } from '../checks/error-envelope.ts'
import { findRedirectMismatch } from '../checks/redirect.ts'
import { checks } from '../checks/registry.ts'
import { decodeMsgpack } from '../codec/decode-msgpack.ts'
import { generateBytes } from '../codec/generate-bytes.ts'
import { parseExactJson } from '../codec/parse-exact-json.ts'
import { type Answer, findHeader, headerLines } from '../http/answer.ts'
import { findMismatch } from '../matching/match.ts'
import type { Matcher } from '../matching/matcher.ts'
import type { Expectation, GeneratedBytes } from '../model/case.ts'
import type { JsonValue } from '../model/json-value.ts'
import type { ClusterMap } from '../placement/cluster-map.ts'
import { expandMatcher, type Variables } from './expand.ts'

/**
 * Holds an answer against an expectation.
 * @returns nothing when all of it holds, else the first complaint
 */
export function findAnswerMismatch(
  answer: Answer,
  expected: Expectation,
  variables: Variables,
  map: ClusterMap,
): string | undefined {
  const match = (path: string, actual: unknown, matcher: Matcher): string | undefined =>
    findMismatch(path, actual, expandMatcher(matcher, variables))
  const wishes: (() => string | undefined)[] = [() => findStatusMismatch(answer, expected.status)]
  const { body, bytes, json, msgpack, error, redirect } = expected
  if (redirect) wishes.push(() => findRedirectMismatch(answer, redirect, map))
  if (error) {
    wishes.push(() =>
      findEnvelopeMismatch(answer, {
        ...(error.tcode !== undefined && { tcode: expandMatcher(error.tcode, variables) }),
        ...(error.message !== undefined && { message: expandMatcher(error.message, variables) }),
      }),
    )
  }
  for (const [name, matcher] of Object.entries(expected.headers ?? {})) {
    wishes.push(() => match(name, findHeader(answer, name), matcher))
  }
  for (const [name, matcher] of Object.entries(expected.headerLines ?? {})) {
    wishes.push(() => match(name, headerLines(answer, name), matcher))
  }
  if (body !== undefined) wishes.push(() => match('body', answer.body.toString('utf8'), body))
  if (bytes !== undefined) wishes.push(() => findBytesMismatch(answer.body, bytes))
  if (json !== undefined) wishes.push(() => matchDecoded(answer, 'json', json, match))
  if (msgpack !== undefined) wishes.push(() => matchDecoded(answer, 'msgpack', msgpack, match))
  for (const name of expected.checks ?? []) {
    wishes.push(() => {
      const check = checks[name]
      return check === undefined ? `unknown check ${name}` : check(answer, { map })
    })
  }
  for (const wish of wishes) {
    const complaint = wish()
    if (complaint !== undefined) return complaint
  }
  return undefined
}

function findStatusMismatch(answer: Answer, expected: Expectation['status']): string | undefined {
  if (expected === undefined) return undefined
  const accepted = typeof expected === 'number' ? [expected] : expected
  if (accepted.includes(answer.status)) return undefined
  const said = findHeader(answer, 'hdr-error') ?? answer.body.toString('utf8')
  const wanted = accepted.join(' or ')
  return `status: expected ${wanted}, got ${answer.status} ${said.trim().slice(0, 300)}`
}

function findBytesMismatch(actual: Buffer, expected: GeneratedBytes): string | undefined {
  const wanted = generateBytes(expected)
  if (wanted.equals(actual)) return undefined
  if (wanted.length !== actual.length) {
    return `body: expected ${wanted.length} bytes, got ${actual.length}`
  }
  return `body: differs from byte ${wanted.findIndex((byte, at) => byte !== actual[at])} on`
}

function matchDecoded(
  answer: Answer,
  form: 'json' | 'msgpack',
  expected: Matcher,
  match: (path: string, actual: unknown, matcher: Matcher) => string | undefined,
): string | undefined {
  let value: JsonValue
  try {
    value =
      form === 'json' ? parseExactJson(answer.body.toString('utf8')) : decodeMsgpack(answer.body)
  } catch (error) {
    const shown = JSON.stringify(answer.body.toString('latin1').slice(0, 120))
    return `body: no ${form} (${error instanceof Error ? error.message : error}) in ${shown}`
  }
  return match(form, value, expected)
}
