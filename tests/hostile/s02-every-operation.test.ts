import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corpus, fuzzBucket } from '../fuzz/corpus.ts'
import type { Request } from '../fuzz/exchange.ts'
import {
  type GatewayInProcess,
  plainRequest,
  startGatewayInProcess,
} from '../fuzz/gateway-in-process.ts'
import { presign, type Signer, sign } from '../fuzz/sign.ts'
import { operationTable } from '../s3-access/operation-table.ts'

let gateway: GatewayInProcess
let signer: () => Signer

beforeAll(async () => {
  gateway = await startGatewayInProcess()
  signer = await gateway.makeUser('ann')
  await gateway.must(plainRequest('PUT', `/${fuzzBucket}`), signer())
  await gateway.must(plainRequest('PUT', `/${fuzzBucket}/key`, 'kept'), signer())
})
afterAll(() => gateway.stop())

/** A signature that is as long as a right one. */
const wrong = (signature: string) => signature.replace(/^./, (one) => (one === '0' ? '1' : '0'))

function spoiled(request: Request): Request {
  return {
    ...request,
    target: request.target.replace(/(X-Amz-Signature=)(\w+)/, (_, name, was) => name + wrong(was)),
    headers: request.headers.map(([name, value]) => [
      name,
      value.replace(/(Signature=)(\w{64})/, (_, before, was) => before + wrong(was)),
    ]),
  }
}

const payloads = [
  'UNSIGNED-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
]

/** The ways in which a call may be signed. */
const ways: Readonly<Record<string, (request: Request) => Request>> = {
  'a header': (request) => sign(request, signer()),
  ...Object.fromEntries(
    payloads.map((payload) => [
      `a header, ${payload}`,
      (request: Request) => {
        const length = ['x-amz-decoded-content-length', '11'] as const
        return sign({ ...request, headers: [...request.headers, length] }, signer(), payload)
      },
    ]),
  ),
  'a query': (request) => {
    const [path = '', query = ''] = request.target.split('?')
    const signed = presign({ ...request, target: path }, signer(), 60)
    return query === '' ? signed : { ...signed, target: `${signed.target}&${query}` }
  },
}

// A preflight is asked for by browsers, which sign nothing; the policy of a form is signed, not its call.
const signable: readonly Request[] = [
  ...corpus
    .map(({ request }) => request)
    .filter((request) => request.method !== 'OPTIONS' && !/^multipart/.test(typeOf(request))),
  ...Object.values(operationTable).map(({ ask: { method, path, body, headers = {} } }) => {
    const plain = plainRequest(method, path, body)
    return { ...plain, headers: [...plain.headers, ...Object.entries(headers)] }
  }),
]

function typeOf({ headers }: Request): string {
  return headers.find(([name]) => name === 'content-type')?.[1] ?? ''
}

async function state(): Promise<string> {
  const asked = ['', '?versions', '?uploads', '?policy', '?acl', '?tagging', '?lifecycle', '/key']
  const answers = await Promise.all(
    asked.map((query) =>
      gateway.ask(sign(plainRequest('GET', `/${fuzzBucket}${query}`), signer())),
    ),
  )
  return answers.map(({ text }) => text.replace(/<(RequestId|HostId)>[^<]*/g, '')).join('\n')
}

describe('S02: no operation looks away', () => {
  it.each(Object.keys(ways))('from a wrong signature in %s', async (way) => {
    const before = await state()
    for (const request of signable) {
      const signed = ways[way]?.(request) ?? request
      const { status, text } = await gateway.ask(spoiled(signed))
      const what = `${request.method} ${request.target} ${text}`
      expect(status, what).toBe(403)
      if (request.method === 'HEAD') continue
      // Presigned calls have headers that nobody signed, which is told first.
      expect(text).toMatch(/<Code>(SignatureDoesNotMatch|AccessDenied)</)
    }
    expect(await state()).toBe(before)
  })

  it.each([
    ['16 minutes ago', -16, 'RequestTimeTooSkewed'],
    ['in 16 minutes', 16, 'RequestTimeTooSkewed'],
  ])('from one that was made %s', async (_, minutes, code) => {
    const at = new Date(Date.parse(isoOf(signer().time)) + minutes * 60_000)
    const time = at.toISOString().replace(/[-:]|\.\d+/g, '')
    for (const request of signable) {
      const { status, text } = await gateway.ask(sign(request, { ...signer(), time }))
      expect([status, request.method === 'HEAD' || text.includes(code)], text).toEqual([403, true])
    }
  })

  it('from one that leaves out `host`, or an `x-amz-` header', async () => {
    for (const request of signable) {
      const nameless = { ...request, headers: request.headers.filter(([name]) => name !== 'host') }
      const signed = sign(nameless, signer())
      const host = ['host', 'localhost:9000'] as const
      const without = await gateway.ask({ ...signed, headers: [...signed.headers, host] })
      expect([without.status, without.text]).toEqual([403, expect.any(String)])
      const more = sign(request, signer())
      const added = ['x-amz-meta-added', 'x'] as const
      const { status } = await gateway.ask({ ...more, headers: [...more.headers, added] })
      expect(status).toBe(403)
    }
  })
})

/** `20261123T000000Z` as a date is written elsewhere. */
function isoOf(time: string): string {
  return time.replace(/^(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5')
}
