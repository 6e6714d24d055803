import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type GatewayInProcess,
  plainRequest,
  startGatewayInProcess,
} from '../fuzz/gateway-in-process.ts'
import { type Signer, sign } from '../fuzz/sign.ts'

let gateway: GatewayInProcess
let signer: () => Signer
let upload: string

beforeAll(async () => {
  gateway = await startGatewayInProcess()
  signer = await gateway.makeUser('ann')
  await gateway.must(plainRequest('PUT', '/xml-bucket'), signer())
  await gateway.must(plainRequest('PUT', '/xml-bucket/kept', 'kept'), signer())
  const locked = plainRequest('PUT', '/xml-locked')
  const lock = ['x-amz-bucket-object-lock-enabled', 'true'] as const
  await gateway.must({ ...locked, headers: [...locked.headers, lock] }, signer())
  await gateway.must(plainRequest('PUT', '/xml-locked/kept', 'kept'), signer())
  const begun = await gateway.must(plainRequest('POST', '/xml-bucket/big?uploads'), signer())
  upload = /<UploadId>([^<]*)</.exec(begun)?.[1] ?? ''
})
afterAll(() => gateway.stop())

async function send(method: string, target: string, body: Uint8Array | string) {
  const request = { ...plainRequest(method, target), body: Buffer.from(body) }
  const { status, text } = await gateway.ask(sign(request, signer()))
  return { status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] }
}

/** Every call that reads a document, and the element that its document has at the root. */
const readers = [
  ['PUT', '/xml-new', 'CreateBucketConfiguration'],
  ['POST', '/xml-bucket?delete', 'Delete'],
  ['POST', '/xml-bucket/big?uploadId=UPLOAD', 'CompleteMultipartUpload'],
  ['PUT', '/xml-bucket?tagging', 'Tagging'],
  ['PUT', '/xml-bucket/kept?tagging', 'Tagging'],
  ['PUT', '/xml-bucket?acl', 'AccessControlPolicy'],
  ['PUT', '/xml-bucket/kept?acl', 'AccessControlPolicy'],
  ['PUT', '/xml-bucket?cors', 'CORSConfiguration'],
  ['PUT', '/xml-bucket?lifecycle', 'LifecycleConfiguration'],
  ['PUT', '/xml-bucket?versioning', 'VersioningConfiguration'],
  ['PUT', '/xml-locked?object-lock', 'ObjectLockConfiguration'],
  ['PUT', '/xml-locked/kept?retention', 'Retention'],
  ['PUT', '/xml-locked/kept?legal-hold', 'LegalHold'],
  ['PUT', '/xml-bucket?ownershipControls', 'OwnershipControls'],
  ['PUT', '/xml-bucket?publicAccessBlock', 'PublicAccessBlockConfiguration'],
] as const

function utf16(text: string): Uint8Array {
  return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
}

const laughs = Array.from(
  { length: 9 },
  (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
).join('')

/** Documents that no reader may take, each with the root that is asked for. */
const documents: Readonly<Record<string, (root: string) => Uint8Array | string>> = {
  'an external entity': (root) =>
    `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><${root}>&f;</${root}>`,
  'an external parameter entity': (root) =>
    `<!DOCTYPE x [<!ENTITY % f SYSTEM "http://127.0.0.1:1/"> %f;]><${root}/>`,
  'a document type of somewhere else': (root) =>
    `<!DOCTYPE ${root} SYSTEM "http://127.0.0.1:1/x.dtd"><${root}/>`,
  'a billion laughs': (root) => `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><${root}>&l9;</${root}>`,
  'an entity nobody declared': (root) => `<${root}>&nobody;</${root}>`,
  '200,000 elements inside one another': (root) =>
    `<${root}>${'<a>'.repeat(200_000)}${'</a>'.repeat(200_000)}</${root}>`,
  '200,000 that are never closed': (root) => `<${root}>${'<a>'.repeat(200_000)}`,
  'an attribute twice': (root) => `<${root} a="1" a="2"/>`,
  'an attribute without end': (root) => `<${root} a="${'x'.repeat(100_000)}`,
  'UTF-16': (root) => utf16(`<?xml version="1.0" encoding="UTF-16"?><${root}/>`),
  'UTF-7': (root) => `<?xml version="1.0" encoding="UTF-7"?>+ADw-${root}+AD4APA-/${root}+AD4-`,
  'bytes that are no UTF-8': (root) =>
    Buffer.concat([Buffer.from(`<${root}>`), Buffer.from([0xc0, 0xaf]), Buffer.from(`</${root}>`)]),
  'a NUL': (root) => `<${root}>\0</${root}>`,
  'a character that XML has not': (root) => `<${root}>&#x0;</${root}>`,
  'CDATA without end': (root) => `<${root}><![CDATA[x</${root}>`,
  'two roots': (root) => `<${root}/><${root}/>`,
  'another root': () => '<Other/>',
  JSON: (root) => `{"${root}":{}}`,
}

/** An ACL has a code of its own; some documents are longer than their reader takes. */
const codes = ['MalformedXML', 'MalformedACLError', 'MaxMessageLengthExceeded']

it.each(readers)(
  'S04: %s %s refuses what is no document of its own',
  async (method, path, root) => {
    for (const [name, make] of Object.entries(documents)) {
      const { status, code } = await send(method, path.replace('UPLOAD', upload), make(root))
      expect([name, status, codes.includes(code ?? '')]).toEqual([name, 400, true])
    }
    expect((await send('GET', '/xml-new', '')).status).toBe(404)
  },
)

const keys = (count: number) =>
  Array.from({ length: count }, (_, i) => `<Object><Key>k${i}</Key></Object>`).join('')

const parts = (numbers: readonly number[]) =>
  numbers.map((number) => `<Part><PartNumber>${number}</PartNumber><ETag>x</ETag></Part>`).join('')

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('S04: documents that are well-formed', () => {
  it.each([
    ['1,001 keys', `<Delete>${keys(1_001)}</Delete>`],
    ['no key', '<Delete></Delete>'],
    ['an object without a key', '<Delete><Object></Object></Delete>'],
  ])('of %s are refused, and nothing is deleted', async (_, body) => {
    expect(await send('POST', '/xml-bucket?delete', body)).toEqual({
      status: 400,
      code: 'MalformedXML',
    })
    expect((await send('GET', '/xml-bucket/kept', '')).status).toBe(200)
  })

  it.each([
    ['10,001 parts', parts(upTo(10_001)), 'MalformedXML'],
    ['no part', '', 'MalformedXML'],
    ['a part without a number', '<Part><ETag>x</ETag></Part>', 'MalformedXML'],
    ['parts out of order', parts([2, 1]), 'InvalidPartOrder'],
    ['a part that nobody sent', parts([1, 1]), 'InvalidPart'],
    ['10,000 parts that nobody sent', parts(upTo(10_000)), 'InvalidPart'],
  ])('of %s complete nothing', async (_, named, code) => {
    const body = `<CompleteMultipartUpload>${named}</CompleteMultipartUpload>`
    const target = `/xml-bucket/big?uploadId=${upload}`
    expect(await send('POST', target, body)).toEqual({ status: 400, code })
    expect((await send('GET', '/xml-bucket/big', '')).status).toBe(404)
  })

  it('with 100,000 attributes, or of more bytes than any needs, are bounded work', async () => {
    const attributes = Array.from({ length: 100_000 }, (_, i) => `a${i}="x"`).join(' ')
    const many = await send('POST', '/xml-bucket?delete', `<Delete ${attributes}/>`)
    expect(many).toEqual({ status: 400, code: 'MalformedXML' })
    const long = '<Delete>'.padEnd(9 * 1024 * 1024, ' ')
    const { status } = await send('POST', '/xml-bucket?delete', long)
    expect(status).toBe(400)
  })

  it('whose key stands in CDATA, or bears entities of XML, name that very key', async () => {
    await gateway.must(plainRequest('PUT', '/xml-bucket/a%3C%26%3Eb', 'x'), signer())
    const named = '<Delete><Object><Key><![CDATA[a<]]>&amp;&#62;b</Key></Object></Delete>'
    expect((await send('POST', '/xml-bucket?delete', named)).status).toBe(200)
    expect((await send('GET', '/xml-bucket/a%3C%26%3Eb', '')).status).toBe(404)
    expect((await send('GET', '/xml-bucket/kept', '')).status).toBe(200)
  })
})
