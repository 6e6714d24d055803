import { answerBody, answerJson, entries } from './change.ts'
import type { Corruption } from './corruption.ts'
import { ofAll, ofBucket, ofListing, ofObject, ofS3, refusal, status } from './kinds.ts'

const get = ofObject('GET')
const whole = status(200)
const part = status(206)

/** One bit of the byte at that place, from the end when negative. */
const flip =
  (at: number) =>
  (body: Buffer): Buffer => {
    const flipped = Buffer.from(body)
    const place = at < 0 ? flipped.length + at : at
    flipped[place] = (flipped[place] ?? 0) ^ 1
    return flipped
  }

const replaceText =
  (pattern: RegExp, by: string) =>
  (body: Buffer): Buffer =>
    Buffer.from(body.toString('utf8').replace(pattern, by))

/** One byte, one field, one entry or the order of two of an answer. */
export const bodyCorruptions: readonly Corruption[] = [
  answerBody('body-first-bit', /^object-get/, get, whole, flip(0)),
  answerBody('body-last-bit', /^object-get/, get, whole, flip(-1)),
  answerBody('body-short', /^object-get/, get, whole, (body) => body.subarray(0, -1)),
  answerBody('body-long', /^object-get/, get, whole, (body) =>
    Buffer.concat([body, body.subarray(0, 1)]),
  ),
  answerBody('body-range-shifted', /range/, get, part, (body) =>
    Buffer.concat([body.subarray(1), body.subarray(0, 1)]),
  ),
  answerBody('body-msgpack-bit', /msgpack|encod/, ofListing, whole, (body) =>
    body[0] === 0x7b ? body : flip(-2)(body),
  ),
  answerJson('error-status', /./, ofAll, refusal, (value) => ({ ...value, status: 418 })),
  answerJson(
    'error-tcode-dropped',
    /missing/,
    ofAll,
    refusal,
    ({ tcode: _tcode, ...rest }) => rest,
  ),
  answerJson('error-message-empty', /./, ofAll, refusal, (value) => ({ ...value, message: '' })),
  answerJson('error-method', /./, ofAll, refusal, (value) => ({ ...value, method: 'PURGE' })),
  answerJson('error-path', /./, ofAll, refusal, (value) => ({ ...value, url_path: '/' })),
  answerJson('error-node-dropped', /./, ofAll, refusal, ({ node: _node, ...rest }) => rest),
  answerJson(
    'list-swapped',
    /^list-/,
    ofListing,
    whole,
    entries(2, ([a = {}, b = {}, ...rest]) => [b, a, ...rest]),
  ),
  answerJson(
    'list-first-lost',
    /^list-/,
    ofListing,
    whole,
    entries(1, (all) => all.slice(1)),
  ),
  answerJson(
    'list-last-lost',
    /^list-/,
    ofListing,
    whole,
    entries(1, (all) => all.slice(0, -1)),
  ),
  answerJson(
    'list-twice',
    /^list-/,
    ofListing,
    whole,
    entries(1, ([a = {}, ...rest]) => [a, a, ...rest]),
  ),
  answerJson(
    'list-size',
    /^list-/,
    ofListing,
    whole,
    entries(1, ([a = {}, ...rest]) => [{ ...a, size: '6' }, ...rest]),
  ),
  answerJson(
    'list-checksum',
    /^list-/,
    ofListing,
    whole,
    entries(1, ([a = {}, ...rest]) => [{ ...a, checksum: '0' }, ...rest]),
  ),
  answerJson(
    'list-flags',
    /^list-/,
    ofListing,
    whole,
    entries(1, ([a = {}, ...rest]) => [{ ...a, flags: 0 }, ...rest]),
  ),
  answerJson('list-token-lost', /^list-/, ofListing, whole, (page) =>
    page.continuation_token ? { ...page, continuation_token: '' } : undefined,
  ),
  answerJson('list-uuid-lost', /^list-/, ofListing, whole, (page) => ({ ...page, uuid: '' })),
  answerJson('list-page-flags', /^list-/, ofListing, whole, (page) => ({ ...page, flags: 8 })),
  answerBody(
    'buckets-provider',
    /^buckets?-list/,
    ofBucket('GET'),
    whole,
    replaceText(/"provider":"ais"/, '"provider":"aws"'),
  ),
  answerBody(
    'config-section',
    /^config/,
    (asked) => asked.target.includes('what=cluster_config'),
    whole,
    replaceText(/"keepalivetracker":/, '"keepalive":'),
  ),
  answerBody(
    'smap-version',
    /^cluster-smap/,
    (asked) => asked.target.includes('what=smap'),
    whole,
    replaceText(/"version":"\d+"/, '"version":"0"'),
  ),
  answerBody(
    's3-code',
    /^s3-/,
    ofS3('GET', 'PUT', 'DELETE', 'POST'),
    (answered) => answered.status >= 400,
    replaceText(/<Code>\w+/, '<Code>InternalError'),
  ),
  answerBody(
    's3-truncated',
    /^s3-/,
    ofS3('GET'),
    whole,
    replaceText(/<IsTruncated>true/, '<IsTruncated>false'),
  ),
  answerBody('s3-body-bit', /^s3-/, ofS3('GET'), whole, flip(-1)),
]
