import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeadReader } from './head-reader.ts'
import { parseHead } from './request-head.ts'

const lines = [
  'Host: a',
  'Host: b',
  'Connection: close',
  'Content-Length: 5',
  'Content-Length: 7',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'X: y',
  'X : y',
  'no colon',
  ' folded',
  'X: a\nb',
  'X: a\0b',
]
const firstLines = [
  'GET /a HTTP/1.1',
  'PUT /b HTTP/1.1',
  'GET /a HTTP/1.0',
  'GET /a HTTP/2.0',
  'GET /a b HTTP/1.1',
  'GET /a\0 HTTP/1.1',
  'GET /a\nX: y HTTP/1.1',
  'G(T /a HTTP/1.1',
  'nothing',
  '',
]

/** What a head says, its lines as they are looked up. */
function told(read: ReturnType<typeof parseHead>) {
  if ('reason' in read) return read
  const { headers, ...rest } = read
  return { ...rest, headers: headers.lines() }
}

describe('the heads of one connection', () => {
  it('are each read as if they were the first', () => {
    const head = fc.tuple(
      fc.constantFrom(...firstLines),
      fc.oneof(
        fc.constant(['Host: a', 'X: y']),
        fc.subarray(lines, { maxLength: 4 }),
        fc.constant(['Host: a', `X: ${'y'.repeat(2_048)}`]),
      ),
    )
    fc.assert(
      fc.property(fc.array(head, { maxLength: 6 }), (heads) => {
        const reader = new HeadReader()
        for (const [first, rest] of heads) {
          const text = [first, ...rest, ''].join('\r\n')
          expect(told(reader.read(text))).toEqual(told(parseHead(text)))
        }
      }),
    )
  })

  it('share their lines where these are equal', () => {
    const reader = new HeadReader()
    const read = (text: string) => {
      const head = reader.read(text)
      return 'reason' in head ? undefined : head.headers
    }
    const first = read('GET /a HTTP/1.1\r\nHost: a\r\n')
    expect(read('HEAD /b HTTP/1.1\r\nHost: a\r\n')).toBe(first)
    const long = read(`GET /${'a'.repeat(2_048)} HTTP/1.1\r\nHost: b\r\n`)
    expect(read('HEAD /b HTTP/1.1\r\nHost: b\r\n')).not.toBe(long)
    expect(read('HEAD /b HTTP/1.1\r\nHost: a\r\n')).not.toBe(first)
  })
})
