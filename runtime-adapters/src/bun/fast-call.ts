import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Body, Call, HeaderBlock, HeaderLine, Network } from '@aistore-ts/core/ports/call.ts'
import { fromWireText } from '../node/wire-text.ts'
import type { StallTimers } from './stall-timers.ts'

/**
 * Longest body that is taken in one piece, if it also arrives within the time a silent client is given: nobody is
 * cut then who would not have been.
 */
const wholeBytesMax = 16_384

/** The part of `Bun.serve`'s server a call needs. */
export interface FastServer {
  requestIP(request: Request): { readonly address: string; readonly port: number } | null
  /** Idle limit of the request's connection, seconds. */
  timeout(request: Request, seconds: number): void
}

/**
 * A request of `Bun.serve` as core's `Call`. Lost before we see it: dot segments and backslashes of the
 * path, repeated header lines (joined with ", "), the body of a GET, `Expect` (always answered with 100).
 */
export class FastCall implements Call {
  readonly method: string
  readonly target: string
  readonly headers: HeaderBlock
  readonly network: Network
  readonly lossy = true
  readonly #request: Request
  readonly #server: FastServer
  readonly #stalls: StallTimers
  #body: Body | undefined

  constructor(request: Request, server: FastServer, network: Network, stalls: StallTimers) {
    const { url } = request
    this.method = request.method
    this.target = url.slice(url.indexOf('/', url.indexOf('//') + 2))
    this.headers = new JoinedHeaderBlock(request.headers)
    this.network = network
    this.#request = request
    this.#server = server
    this.#stalls = stalls
  }

  get body(): Body {
    this.#body ??= new FastBody(this.#request, this.#server, this.#stalls)
    return this.#body
  }

  get remoteAddress(): string {
    return this.#server.requestIP(this.#request)?.address ?? ''
  }

  get remotePort(): number {
    return this.#server.requestIP(this.#request)?.port ?? 0
  }

  get signal(): AbortSignal {
    return this.#request.signal
  }
}

/** The web's headers: repeated lines arrive joined, and stay so. */
class JoinedHeaderBlock implements HeaderBlock {
  readonly #headers: Headers

  constructor(headers: Headers) {
    this.#headers = headers
  }

  get(name: string): string | undefined {
    const value = this.#headers.get(name)
    return value === null ? undefined : fromWireText(value)
  }

  all(name: string): readonly string[] {
    const value = this.get(name)
    return value === undefined ? [] : [value]
  }

  lines(): readonly HeaderLine[] {
    return [...this.#headers].map(([name, value]) => [name, fromWireText(value)] as const)
  }
}

class FastBody implements Body {
  readonly lengthBytes: number | undefined
  readonly #request: Request
  readonly #server: FastServer
  readonly #stalls: StallTimers
  #used = false

  constructor(request: Request, server: FastServer, stalls: StallTimers) {
    const declared = request.headers.get('content-length')
    if (declared !== null) this.lengthBytes = Number(declared)
    else this.lengthBytes = request.headers.has('transfer-encoding') ? undefined : 0
    this.#request = request
    this.#server = server
    this.#stalls = stalls
  }

  async consume(sink: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    const { lengthBytes } = this
    if (lengthBytes !== undefined && lengthBytes <= this.#wholeMax() && !this.#used) {
      this.#used = true
      if (lengthBytes > 0) await sink(await this.#readWhole(lengthBytes))
      return
    }
    for await (const chunk of this) {
      const taken = sink(chunk)
      if (taken !== undefined) await taken
    }
  }

  #wholeMax(): number {
    return Math.min(wholeBytesMax, this.#stalls.firstBytes)
  }

  /** A short body in one piece: a stream for it costs more than all the rest of a small PUT. */
  async #readWhole(lengthBytes: number): Promise<Uint8Array> {
    let bytes: Uint8Array
    const stall = this.#stalls.watch(() => this.#server.timeout(this.#request, 1))
    stall.wait()
    try {
      bytes = await this.#request.bytes()
    } catch (cause) {
      throw gone(0, lengthBytes, cause)
    } finally {
      stall.end()
    }
    if (stall.cut || bytes.byteLength !== lengthBytes) throw gone(bytes.byteLength, lengthBytes)
    return bytes
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    if (this.#used) throw new Error('a body can be read once')
    this.#used = true
    const stream = this.#request.body
    if (stream === null || this.lengthBytes === 0) return
    const reader: ReadableStreamDefaultReader<Uint8Array> = stream.getReader()
    let arrivedBytes = 0
    const stall = this.#stalls.watch(() => {
      // The one way to cut a connection from here: one second of idleness more is one too many.
      this.#server.timeout(this.#request, 1)
      reader.cancel().catch(() => {})
    })
    try {
      for (;;) {
        stall.wait()
        const { done, value } = await reader.read()
        stall.moved(value?.byteLength ?? 0)
        if (done) break
        arrivedBytes += value.byteLength
        yield value
      }
    } catch (cause) {
      throw gone(arrivedBytes, this.lengthBytes, cause)
    } finally {
      stall.end()
      reader.releaseLock()
    }
    if (stall.cut || (this.lengthBytes !== undefined && arrivedBytes !== this.lengthBytes)) {
      throw gone(arrivedBytes, this.lengthBytes)
    }
  }
}

function gone(arrivedBytes: number, declared: number | undefined, cause?: unknown): AisError {
  const of = declared === undefined ? 'a chunked body' : `${declared} bytes`
  return new AisError(
    'ErrClientGone',
    `client left after ${arrivedBytes} bytes of ${of}`,
    cause === undefined ? {} : { cause },
  )
}
