import type { Body, HeaderLine } from '../../ports/call.ts'
import { S3Error } from '../s3-error.ts'
import { type ChunkCrypto, ChunkSignatures } from './chunk-signatures.ts'
import { LineReader } from './line-reader.ts'
import type { PayloadRule } from './payload-rule.ts'

/** Bytes of one line of framing: size, extension and signature of a chunk; name and value of a trailer. */
export const chunkLineBytesMax = 1_024
/** Trailing headers of one body. */
export const trailersMax = 16
/** Chunks smaller than this, the last one apart, are refused when so many came: each costs a signature. */
const tinyChunkBytes = 64
const tinyChunksMax = 10_000

/** Takes the content; a piece may be reused when it returns, or its promise resolves. */
export type ContentSink = (piece: Uint8Array) => void | Promise<void>

/** Trailing headers, lower-case, without the signature of the trailer. */
export type Trailers = readonly HeaderLine[]

export interface ChunkedOptions extends ChunkCrypto {
  readonly rule: Extract<PayloadRule, { kind: 'chunked' }>
  /** `x-amz-decoded-content-length`: what all chunks must add up to. */
  readonly decodedBytes: number
  /** Names that `x-amz-trailer` announced, lower-case; another one is refused, one that is not there too. */
  readonly trailerNames: readonly string[]
}

type Place = 'size' | 'content' | 'content end' | 'trailer' | 'done'

const malformed = (message: string) => new S3Error('InvalidRequest', { message })
const malformedTrailer = () => new S3Error('MalformedTrailerError')

/**
 * Undoes aws-chunked framing as the pieces of a body come, and checks its signatures. Content is handed on before
 * the signature of its chunk was seen: nothing may be committed before `end` returned.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class ChunkedDecoder {
  readonly #options: ChunkedOptions
  readonly #sink: ContentSink
  readonly #signatures: ChunkSignatures | undefined
  readonly #lines = new LineReader(chunkLineBytesMax, () =>
    malformed('A chunk header is too long.'),
  )
  readonly #trailers: HeaderLine[] = []
  #place: Place = 'size'
  #left = 0
  #decoded = 0
  #tinyChunks = 0
  #emptyLines = 0
  #started = false
  #trailerSignature: string | undefined

  constructor(options: ChunkedOptions, sink: ContentSink) {
    const { signing } = options.rule
    this.#options = options
    this.#sink = sink
    this.#signatures = signing && new ChunkSignatures(signing, options)
  }

  /** Takes the next piece of the body; wait for the promise, if it returns one, before the next. */
  push(piece: Uint8Array): void | Promise<void> {
    return this.#from(piece, 0)
  }

  /** The body is over. @throws S3Error `IncompleteBody`, `MalformedTrailerError`, `SignatureDoesNotMatch` */
  end(): Trailers {
    const { decodedBytes, trailerNames } = this.#options
    const nothing = !this.#started && !this.#lines.midLine
    // No frame at all around no content: minio-go.
    if (nothing && decodedBytes === 0 && trailerNames.length === 0) return []
    if (this.#place !== 'done' || this.#lines.midLine) throw new S3Error('IncompleteBody')
    return this.#trailers
  }

  /** Goes on by itself after a sink that waits. */
  #from(piece: Uint8Array, start: number): void | Promise<void> {
    let at = start
    while (at < piece.length) {
      if (this.#place === 'content') {
        const content = piece.subarray(at, at + this.#left)
        at += content.length
        const waits = this.#content(content)
        if (waits instanceof Promise) return waits.then(() => this.#from(piece, at))
        continue
      }
      const found = this.#lines.read(piece, at)
      if (found === undefined) return
      at = found.next
      this.#line(found.line)
    }
  }

  #content(content: Uint8Array): void | Promise<void> {
    this.#signatures?.update(content)
    this.#left -= content.length
    if (this.#left === 0) this.#place = 'content end'
    return this.#sink(content)
  }

  #line(line: string): void {
    this.#started = true
    if (this.#place === 'done') {
      // One empty line more is what some clients send.
      if (line !== '' || ++this.#emptyLines > 1) throw malformed('There is more after the body.')
    } else if (this.#place === 'size') this.#begin(line)
    else if (this.#place === 'trailer') this.#trailer(line)
    else {
      if (line !== '') throw malformed('A chunk is longer than its header says.')
      this.#signatures?.end()
      this.#place = 'size'
    }
  }

  /** `hex-size[;chunk-signature=...]` */
  #begin(line: string): void {
    const found = /^([0-9a-fA-F]{1,12})(?:;(.*))?$/.exec(line)
    if (found === null) throw malformed('A chunk header is malformed.')
    const size = Number.parseInt(found[1] ?? '', 16)
    if (this.#signatures) {
      const signature = /^chunk-signature=([0-9a-f]{64})$/.exec(found[2]?.trim() ?? '')?.[1]
      if (signature === undefined) throw malformed('A chunk has no valid chunk-signature.')
      this.#signatures.begin(signature)
    }
    this.#left = size
    this.#decoded += size
    const { decodedBytes } = this.#options
    if (this.#decoded > decodedBytes) throw new S3Error('IncompleteBody', { message: overrun })
    if (size > 0) {
      if (size < tinyChunkBytes && ++this.#tinyChunks > tinyChunksMax) {
        throw new S3Error('InvalidChunkSizeError')
      }
      this.#place = 'content'
      return
    }
    if (this.#decoded < decodedBytes) throw new S3Error('IncompleteBody')
    this.#signatures?.end()
    this.#place = 'trailer'
  }

  /** One trailing header, or the empty line that ends the body. */
  #trailer(line: string): void {
    if (line === '') {
      // minio-go ends a trailing header with LF, and puts an empty line before the signature of them all.
      const early = this.#signatures && this.#trailers.length > 0 && !this.#trailerSignature
      if (!early || ++this.#emptyLines > 1) this.#finish()
      return
    }
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (!this.#options.rule.trailer || name === '') throw malformedTrailer()
    if (name === 'x-amz-trailer-signature') {
      if (this.#trailerSignature !== undefined) throw malformedTrailer()
      this.#trailerSignature = value
      return
    }
    const known = this.#trailers.some(([before]) => before === name)
    if (known || this.#trailers.length >= trailersMax) throw malformedTrailer()
    if (!this.#options.trailerNames.includes(name)) throw malformedTrailer()
    this.#trailers.push([name, value])
  }

  #finish(): void {
    const { rule, trailerNames } = this.#options
    if (this.#trailers.length < trailerNames.length) throw malformedTrailer()
    if (this.#signatures && rule.trailer) {
      const lines = this.#trailers.map(([name, value]) => `${name}:${value}\n`)
      this.#signatures.checkTrailer(lines.join(''), this.#trailerSignature ?? '')
    }
    this.#place = 'done'
  }
}

const overrun = 'The chunks are more than x-amz-decoded-content-length says.'

/**
 * Reads the whole of `body`, its content into `sink`.
 * @throws S3Error as `ChunkedDecoder`; AisError `ErrClientGone`
 */
export async function decodeChunked(
  body: Pick<Body, 'consume'>,
  options: ChunkedOptions,
  sink: ContentSink,
): Promise<Trailers> {
  const decoder = new ChunkedDecoder(options, sink)
  await body.consume((piece) => decoder.push(piece))
  return decoder.end()
}
