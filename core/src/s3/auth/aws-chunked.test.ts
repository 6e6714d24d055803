import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { S3Error } from '../s3-error.ts'
import {
  ChunkedDecoder,
  type ChunkedOptions,
  chunkLineBytesMax,
  type Trailers,
} from './aws-chunked.ts'
import type { ChunkSigning } from './payload-rule.ts'
import { deriveSigningKey } from './signing-keys.ts'
import { createSha256, encodeChunked } from './testing/chunked-body.ts'
import { testCrypto } from './testing/node-crypto.ts'
import { exampleSecret } from './testing/signed-call.ts'

const scope = { date: '20130524', region: 'us-east-1', text: '20130524/us-east-1/s3/aws4_request' }

function signingWith(seed: string): ChunkSigning {
  const signingKey = deriveSigningKey(testCrypto, exampleSecret, scope)
  return { signingKey, amzDate: '20130524T000000Z', scope: scope.text, seed }
}

interface Settings {
  readonly decodedBytes: number
  readonly signing?: ChunkSigning | undefined
  readonly trailerNames?: readonly string[]
  readonly trailer?: boolean
}

/** Reads `body` in pieces; each piece is overwritten as soon as it was taken. */
function decode(
  body: Uint8Array,
  { decodedBytes, signing, trailerNames = [], trailer = trailerNames.length > 0 }: Settings,
  pieceBytes: readonly number[] = [body.length],
): { content: Buffer; trailers: Trailers } {
  const options: ChunkedOptions = {
    crypto: testCrypto,
    createSha256,
    rule: { kind: 'chunked', signing, trailer },
    decodedBytes,
    trailerNames,
  }
  const content: Buffer[] = []
  const decoder = new ChunkedDecoder(options, (piece) => void content.push(Buffer.from(piece)))
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const size = Math.max(1, pieceBytes[turn % pieceBytes.length] ?? 1)
    const piece = body.slice(at, at + size)
    void decoder.push(piece)
    piece.fill(0x58)
    at += size
  }
  const trailers = decoder.end()
  return { content: Buffer.concat(content), trailers }
}

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'decoded'
  } catch (error) {
    if (error instanceof S3Error) return error.s3Code
    throw error
  }
}

const text = (body: string) => new Uint8Array(Buffer.from(body, 'latin1'))

describe("Amazon's published bodies", () => {
  const kib64 = 'a'.repeat(65_536)
  const kib1 = 'a'.repeat(1_024)

  it('with signed chunks', () => {
    const body = text(
      `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${kib64}\r\n` +
        `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${kib1}\r\n` +
        '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
    )
    expect(body.length).toBe(66_824)
    const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9'
    const { content } = decode(body, { decodedBytes: 66_560, signing: signingWith(seed) }, [1_000])
    expect(content.toString()).toBe(kib64 + kib1)
  })

  it('with a signed trailer', () => {
    const body = text(
      `10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n${kib64}\r\n` +
        `400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n${kib1}\r\n` +
        '0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n' +
        'x-amz-checksum-crc32c:sOO8/Q==\r\n' +
        'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
    )
    const seed = '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e'
    const { trailers } = decode(body, {
      decodedBytes: 66_560,
      signing: signingWith(seed),
      trailerNames: ['x-amz-checksum-crc32c'],
    })
    expect(trailers).toEqual([['x-amz-checksum-crc32c', 'sOO8/Q==']])
  })
})

const seed = '0'.repeat(64)
const bodies = fc.record({
  chunks: fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 6 }),
  signed: fc.boolean(),
  trailer: fc.boolean(),
  pieces: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
})

function encoded({
  chunks,
  signed,
  trailer,
}: {
  chunks: Uint8Array[]
  signed: boolean
  trailer: boolean
}) {
  const trailers = trailer ? [['x-amz-checksum-crc32', 'AAAAAA=='] as const] : []
  const signing = signed ? signingWith(seed) : undefined
  const settings: Settings = {
    decodedBytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    signing,
    trailer,
    trailerNames: trailers.map(([name]) => name),
  }
  return { body: encodeChunked({ chunks, trailers, signing, trailer }), settings, trailers }
}

describe('a framed body', () => {
  it('gives its content back, however it is cut', () => {
    fc.assert(
      fc.property(bodies, (one) => {
        const { body, settings, trailers } = encoded(one)
        const out = decode(body, settings, one.pieces)
        expect(out.content.equals(Buffer.concat(one.chunks))).toBe(true)
        expect(out.trailers).toEqual(trailers)
      }),
      { numRuns: 500 },
    )
  })

  it('that is signed is refused when one bit of it is another', () => {
    const damage = fc.record({ at: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) })
    fc.assert(
      fc.property(bodies, damage, (one, { at, bit }) => {
        const { body, settings } = encoded({ ...one, signed: true })
        const place = at % body.length
        body[place] = (body[place] ?? 0) ^ (1 << bit)
        let content: Buffer | undefined
        const code = codeOf(() => {
          content = decode(body, settings, one.pieces).content
        })
        // What is no content, as the case of a hex digit or of a header's name, may differ.
        if (code === 'decoded') expect(content?.equals(Buffer.concat(one.chunks))).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is refused when it ends early, wherever', () => {
    fc.assert(
      fc.property(bodies, fc.nat(), (one, cut) => {
        const { body, settings } = encoded(one)
        const short = body.slice(0, cut % body.length)
        fc.pre(short.length > 0)
        expect(codeOf(() => decode(short, settings, one.pieces))).not.toBe('decoded')
      }),
      { numRuns: 500 },
    )
  })

  it('never does worse than be refused, whatever it holds', () => {
    const letters = fc.constantFrom(
      '0',
      '1',
      'f',
      ';',
      '\r\n',
      '\n',
      'chunk-signature=',
      'x-amz-checksum-crc32:',
      'a',
    )
    fc.assert(
      fc.property(
        fc.array(letters),
        fc.nat({ max: 40 }),
        fc.boolean(),
        (parts, decodedBytes, signed) => {
          const signing = signed ? signingWith(seed) : undefined
          codeOf(() =>
            decode(text(parts.join('')), {
              decodedBytes,
              signing,
              trailerNames: ['x-amz-checksum-crc32'],
            }),
          )
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('is refused', () => {
  const crc = ['x-amz-checksum-crc32']
  it.each<[string, string, Settings, string]>([
    ['more than was declared', '5\r\nhello\r\n0\r\n\r\n', { decodedBytes: 4 }, 'IncompleteBody'],
    ['less than was declared', '5\r\nhello\r\n0\r\n\r\n', { decodedBytes: 6 }, 'IncompleteBody'],
    [
      'a chunk longer than it says',
      '4\r\nhello\r\n0\r\n\r\n',
      { decodedBytes: 4 },
      'InvalidRequest',
    ],
    ['a size that is none', 'x\r\nhello\r\n0\r\n\r\n', { decodedBytes: 5 }, 'InvalidRequest'],
    ['a size beyond all bounds', `${'f'.repeat(13)}\r\n`, { decodedBytes: 5 }, 'InvalidRequest'],
    [
      'a header without end',
      'f'.repeat(chunkLineBytesMax + 1),
      { decodedBytes: 5 },
      'InvalidRequest',
    ],
    [
      'something behind the end',
      '0\r\n\r\nGET / HTTP/1.1\r\n',
      { decodedBytes: 0 },
      'InvalidRequest',
    ],
    [
      'an unsigned chunk among signed ones',
      '0\r\n\r\n',
      { decodedBytes: 0, signing: signingWith(seed) },
      'InvalidRequest',
    ],
    [
      'a trailer nobody announced',
      '0\r\nx-amz-meta-a:b\r\n\r\n',
      { decodedBytes: 0, trailer: true },
      'MalformedTrailerError',
    ],
    [
      'an announced trailer that is not there',
      '0\r\n\r\n',
      { decodedBytes: 0, trailerNames: crc },
      'MalformedTrailerError',
    ],
    [
      'a trailer twice',
      '0\r\nx-amz-checksum-crc32:a\r\nx-amz-checksum-crc32:a\r\n\r\n',
      { decodedBytes: 0, trailerNames: crc },
      'MalformedTrailerError',
    ],
    [
      'a trailer in a form without',
      '0\r\nx-amz-checksum-crc32:a\r\n\r\n',
      { decodedBytes: 0, trailerNames: crc, trailer: false },
      'MalformedTrailerError',
    ],
    [
      'very many tiny chunks',
      '1\r\na\r\n'.repeat(10_001),
      { decodedBytes: 20_000 },
      'InvalidChunkSizeError',
    ],
  ])('%s', (_, body, settings, code) => {
    expect(codeOf(() => decode(text(body), settings))).toBe(code)
  })

  it('the signature of a trailer that is missing or another', () => {
    const { body, settings } = encoded({ chunks: [text('hello')], signed: true, trailer: true })
    const whole = Buffer.from(body).toString('latin1')
    const without = whole.replace(/x-amz-trailer-signature:.*\r\n/, '')
    expect(codeOf(() => decode(text(without), settings))).toBe('IncompleteBody')
    expect(codeOf(() => decode(text(`${without}\r\n`), settings))).toBe('SignatureDoesNotMatch')
    const other = whole.replace('AAAAAA==', 'AAAAAB==')
    expect(codeOf(() => decode(text(other), settings))).toBe('SignatureDoesNotMatch')
  })
})

it('takes the line ends that minio-go puts around trailing headers, and its empty body', () => {
  const { body, settings } = encoded({ chunks: [text('hello')], signed: true, trailer: true })
  const theirs = Buffer.from(body).toString('latin1').replace('AAAAAA==\r\n', 'AAAAAA==\n\r\n')
  expect(decode(text(theirs), settings).trailers).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']])
  const unsigned = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\n\r\n\r\n'
  const names = ['x-amz-checksum-crc32']
  expect(decode(text(unsigned), { decodedBytes: 5, trailerNames: names }).trailers).toHaveLength(1)
  expect(decode(text(''), { decodedBytes: 0, signing: signingWith(seed) }).content).toHaveLength(0)
})

it('waits for a sink that is not done before it goes on', async () => {
  const waiting: (() => void)[] = []
  const taken: string[] = []
  const decoder = new ChunkedDecoder(
    {
      crypto: testCrypto,
      createSha256,
      rule: { kind: 'chunked', signing: undefined, trailer: false },
      decodedBytes: 10,
      trailerNames: [],
    },
    (piece) => {
      taken.push(Buffer.from(piece).toString())
      return new Promise<void>((resolve) => waiting.push(resolve))
    },
  )
  const done = decoder.push(text('5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n'))
  expect(taken).toEqual(['hello'])
  waiting[0]?.()
  await Promise.resolve().then(() => undefined)
  expect(taken).toEqual(['hello', 'world'])
  waiting[1]?.()
  await done
  expect(decoder.end()).toEqual([])
})
