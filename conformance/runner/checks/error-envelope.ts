import { parseExactJson } from '../codec/parse-exact-json.ts'
import { type Answer, findHeader } from '../http/answer.ts'
import { findMismatch } from '../matching/match.ts'
import { absent, type Matcher, oneOf, text } from '../matching/matcher.ts'
import type { ExpectedError } from '../model/case.ts'
import type { JsonValue } from '../model/json-value.ts'

/**
 * An error answer: the JSON envelope in the body, or in `Hdr-Error` for HEAD, whose fields agree with
 * the request and the status.
 * @see AIStore cmn/err.go (ErrHTTP)
 */
export function findEnvelopeMismatch(answer: Answer, expected: ExpectedError): string | undefined {
  const isHead = answer.method === 'HEAD'
  const source = isHead ? (findHeader(answer, 'hdr-error') ?? '') : answer.body.toString('utf8')
  let envelope: JsonValue
  try {
    envelope = parseExactJson(source)
  } catch {
    return `${isHead ? 'Hdr-Error' : 'body'}: expected an error envelope, got ${JSON.stringify(source.slice(0, 200))}`
  }
  const fields: Matcher = {
    tcode: expected.tcode ?? oneOf(absent, text),
    message: expected.message ?? /\S/,
    method: answer.method,
    url_path: /^\//,
    remote_addr: text,
    caller: text,
    node: text,
    status: answer.status,
  }
  return findMismatch('error', envelope, fields) ?? findHeaderMismatch(answer, isHead)
}

function findHeaderMismatch(answer: Answer, isHead: boolean): string | undefined {
  if (isHead) return undefined
  const type = findMismatch(
    'content-type',
    findHeader(answer, 'content-type'),
    /^application\/json/,
  )
  const sniff = findHeader(answer, 'x-content-type-options')
  return type ?? findMismatch('x-content-type-options', sniff, 'nosniff')
}
