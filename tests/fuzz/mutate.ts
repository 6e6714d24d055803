import type { HeaderLine } from '@aistore-ts/core/ports/call.ts'
import type { Request } from './exchange.ts'
import type { Seeded } from './seeded.ts'

/** Text that has broken readers before. */
const nasty: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1',
  '00',
  '1e9',
  '4294967296',
  '9223372036854775808',
  '18446744073709551616',
  'NaN',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  '*',
  '"',
  '"*"',
  'W/"x"',
  ',',
  ';',
  '%',
  '%zz',
  '%00',
  '%0d%0aX: y',
  '%2e%2e%2f',
  '..',
  '../..',
  './/',
  '/',
  '\\',
  '?',
  '#',
  '&',
  '=',
  '+',
  'ü',
  '\u00ff\u00fe',
  '\ud800',
  'a'.repeat(300),
  'a'.repeat(5000),
  'bytes=0-',
  'bytes=-0',
  'bytes=9-2',
  'bytes=0-1,2-3',
  'bytes=18446744073709551615-',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'STREAMING-X',
  'UNSIGNED-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'REPLACE',
  'true',
  'false',
  '/fuzz-bucket/key',
  'AAAA',
  '====',
  'text/html\u0000',
  'a\tb',
  '\u0001',
]

const names: readonly string[] = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'expect',
  'content-md5',
  'content-type',
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'authorization',
  'x-amz-acl',
  'x-amz-copy-source',
  'x-amz-copy-source-range',
  'x-amz-copy-source-if-match',
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
  'x-amz-checksum-sha256',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-algorithm',
  'x-amz-checksum-type',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-tagging',
  'x-amz-meta-x',
  'x-amz-meta-',
  'x-amz-mp-object-size',
  'x-amz-object-attributes',
  'x-amz-max-parts',
  'x-amz-part-number-marker',
  'x-amz-grant-read',
  'x-amz-security-token',
  'x-amz-future',
  'x-amz-expected-bucket-owner',
  'x-amz-object-ownership',
  'ais-s3-redirect',
  'ais-x',
  'origin',
  'host',
  '__proto__',
  'cookie',
]

const parameters: readonly string[] = [
  'acl',
  'attributes',
  'cors',
  'delete',
  'lifecycle',
  'list-type',
  'location',
  'partNumber',
  'policy',
  'prefix',
  'delimiter',
  'marker',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'tagging',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'retention',
  'legal-hold',
  'object-lock',
  'logging',
  'max-uploads',
  'max-parts',
  'part-number-marker',
  'X-Amz-Signature',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Expires',
  'AWSAccessKeyId',
  'response-content-type',
  'response-expires',
  'x-id',
  'pid',
  'u',
  '__proto__',
]

function changeHeaders(lines: readonly HeaderLine[], random: Seeded): readonly HeaderLine[] {
  const at = random.below(lines.length)
  switch (random.below(5)) {
    case 0:
      return lines.filter((_, index) => index !== at)
    case 1:
      return [...lines, random.pick(lines)]
    case 2:
      return lines.map((line, index) => (index === at ? [line[0], random.pick(nasty)] : line))
    case 3:
      return lines.map((line, index) =>
        index === at ? [line[0], scramble(line[1], random)] : line,
      )
    default:
      return [...lines, [random.pick(names), random.pick(nasty)]]
  }
}

function scramble(text: string, random: Seeded): string {
  const at = random.below(text.length + 1)
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.below(8))
    case 2:
      return text.slice(0, at) + random.pick(nasty) + text.slice(at)
    default:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1)
  }
}

function changeQuery(target: string, random: Seeded): string {
  const [path = '', ...query] = target.split('?')
  const parts = query.join('?').split('&')
  const at = random.below(parts.length)
  switch (random.below(4)) {
    case 0:
      return `${path}?${parts.filter((_, index) => index !== at).join('&')}`
    case 1:
      return `${path}?${[...parts, `${random.pick(parameters)}=${random.pick(nasty)}`].join('&')}`
    case 2:
      return `${path}?${[...parts, random.pick(parts), random.pick(parameters)].join('&')}`
    default:
      return `${path}?${parts.map((part, index) => (index === at ? scramble(part, random) : part)).join('&')}`
  }
}

function changePath(target: string, random: Seeded): string {
  const [path = '', ...query] = target.split('?')
  const rest = query.length === 0 ? '' : `?${query.join('?')}`
  return `${random.chance(0.2) ? path + random.pick(nasty) : scramble(path, random)}${rest}`
}

const xmlPieces: readonly string[] = [
  '<',
  '>',
  '</',
  '<!--',
  ']]>',
  '<![CDATA[',
  '<?xml?>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&b;',
  '&#0;',
  '&#x110000;',
  '<a>'.repeat(50),
  '<Key>',
  '</Key>',
  '<Key/>',
  '<Rule/>',
  '<Part/>',
  '<a xmlns:b="c"/>',
  '\u0000',
]

/** Sizes and lines of chunk framing. */
const framing: readonly string[] = [
  '0\r\n',
  '\r\n',
  'ffffffffffffffff\r\n',
  '8000000000000000\r\n',
  '-1\r\n',
  '+b\r\n',
  '0x5\r\n',
  'B;\r\n',
  ';chunk-signature=00\r\n',
  'x-amz-checksum-crc32:AAAA\r\n',
  'x-amz-trailer-signature:00\r\n',
  '00000000000b\r\n',
]

function changeBody(body: Uint8Array, random: Seeded): Uint8Array {
  const bytes = Buffer.from(body)
  const at = random.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + random.below(20))
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
    case 2:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
    case 3:
      if (at < bytes.length) bytes[at] = random.below(256)
      return bytes
    case 4:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(random.pick(xmlPieces)),
        bytes.subarray(at),
      ])
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(random.pick(framing)),
        bytes.subarray(at),
      ])
  }
}

const methods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH'] as const

/** Bytes of a line as a listener gives them: Latin-1, and none that ends it or that it refuses. */
function asLine(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[\r\n\0]/g, '')
}

/** The request with one to three things changed. */
export function mutate(request: Request, random: Seeded): Request {
  let { method, target, headers, body } = request
  for (let times = 1 + random.below(3); times > 0; times--) {
    switch (random.below(12)) {
      case 0:
        method = random.pick(methods)
        break
      case 1:
      case 2:
        target = changePath(target, random)
        break
      case 3:
      case 4:
        target = changeQuery(target, random)
        break
      case 5:
      case 6:
      case 7:
      case 8:
        headers = headers.length === 0 ? headers : changeHeaders(headers, random)
        break
      default:
        body = changeBody(body, random)
    }
  }
  return {
    method,
    target: asLine(target).replace(/[ \t#]/g, '') || '/',
    headers: headers.map(([name, value]) => [name, asLine(value).trim()]),
    body,
  }
}
