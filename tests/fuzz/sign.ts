import { createHash, createHmac } from 'node:crypto'
import type { HeaderLine } from '@aistore-ts/core/ports/call.ts'
import type { Request } from './exchange.ts'

/** A key pair, and the time of signing as it stands in headers: `20261123T000000Z`. */
export interface Signer {
  readonly accessKey: string
  readonly secretKey: string
  readonly time: string
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Uint8Array, text: string) =>
  createHmac('sha256', key).update(text, 'latin1').digest()

/** `%XX` in one spelling for every byte; what is no escape stays as it is, so that nonsense can be signed too. */
function canonical(text: string, plain: RegExp): string {
  const bytes = text.replace(/%([0-9a-fA-F]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return bytes.replace(plain, (char) => {
    const hex = Buffer.from(char, 'latin1').toString('hex').toUpperCase()
    return hex.replace(/../g, '%$&')
  })
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.replaceAll('+', ' ').split('=')
      return [name, value.join('=')].map((text) => canonical(text, /[^A-Za-z0-9\-_.~]/g))
    })
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  pairs.sort(([a = '', x = ''], [b = '', y = '']) => order(a, b) || order(x, y))
  return pairs.map((pair) => pair.join('=')).join('&')
}

/** The key of the day and the region, for chunk signatures too. */
export function signingKey({ secretKey, time }: Signer): Buffer {
  const date = hmac(`AWS4${secretKey}`, time.slice(0, 8))
  return hmac(hmac(hmac(date, 'us-east-1'), 's3'), 'aws4_request')
}

/** The request with version 4 headers over all that it has. @param payload the value of `x-amz-content-sha256`; absent: the body's */
export function sign(request: Request, signer: Signer, payload = sha256(request.body)): Request {
  const own = new Set(['authorization', 'x-amz-date', 'x-amz-content-sha256'])
  const headers: HeaderLine[] = [
    ...request.headers.filter(([name]) => !own.has(name)),
    ['x-amz-date', signer.time],
    ['x-amz-content-sha256', payload],
  ]
  const names = [...new Set(headers.map(([name]) => name))]
    .filter((name) => name === 'host' || name.startsWith('x-amz-') || name === 'content-type')
    .sort()
  const lines = names.map((name) => {
    const values = headers.filter(([one]) => one === name).map(([, value]) => value)
    return `${name}:${values.map((value) => value.trim().replace(/[\t ]+/g, ' ')).join(',')}\n`
  })
  const mark = request.target.indexOf('?')
  const path = mark < 0 ? request.target : request.target.slice(0, mark)
  const query = mark < 0 ? '' : request.target.slice(mark + 1)
  const text = [
    request.method,
    canonical(path, /[^A-Za-z0-9\-_.~/]/g),
    canonicalQuery(query),
    lines.join(''),
    names.join(';'),
    payload,
  ].join('\n')
  const scope = `${signer.time.slice(0, 8)}/us-east-1/s3/aws4_request`
  const digest = sha256(Buffer.from(text, 'latin1'))
  const signature = hmac(
    signingKey(signer),
    ['AWS4-HMAC-SHA256', signer.time, scope, digest].join('\n'),
  ).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${signer.accessKey}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { ...request, headers: [...headers, ['authorization', authorization]] }
}

/** The request as a presigned URL: nothing but the query and `host` is signed. @param seconds how long it is good */
export function presign(request: Request, signer: Signer, seconds: number): Request {
  const scope = `${signer.time.slice(0, 8)}/us-east-1/s3/aws4_request`
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent(`${signer.accessKey}/${scope}`)}`,
    `X-Amz-Date=${signer.time}`,
    `X-Amz-Expires=${seconds}`,
    'X-Amz-SignedHeaders=host',
  ].join('&')
  const host = request.headers.find(([name]) => name === 'host')?.[1] ?? ''
  const text = [
    request.method,
    canonical(request.target, /[^A-Za-z0-9\-_.~/]/g),
    canonicalQuery(query),
    `host:${host}\n`,
    'host',
    'UNSIGNED-PAYLOAD',
  ].join('\n')
  const digest = sha256(Buffer.from(text, 'latin1'))
  const toSign = ['AWS4-HMAC-SHA256', signer.time, scope, digest].join('\n')
  const signature = hmac(signingKey(signer), toSign).toString('hex')
  return { ...request, target: `${request.target}?${query}&X-Amz-Signature=${signature}` }
}
