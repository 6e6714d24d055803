import type { IncomingMessage } from 'node:http'
import type { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Body } from '@aistore-ts/core/ports/call.ts'
import { iterateBody } from './iterate-body.ts'
import type { RateGuard } from './rate-guard.ts'

/** What a body needs to know of the side it arrived on. */
export interface MessageBodyOptions {
  /** Declared length; 0 when the message has no body; `undefined` when chunked. */
  readonly lengthBytes: number | undefined
  /** Called before the first read: `100 Continue`, timers. */
  readonly onFirstRead?: (() => void) | undefined
  /** Called with every chunk that arrives. */
  readonly onChunk?: (() => void) | undefined
  /** Called as the reader becomes the slow side (`true`) and stops being it (`false`). */
  readonly onPaused?: ((paused: boolean) => void) | undefined
  readonly guard?: RateGuard | undefined
  /** The error of a body that ended too early or too late. */
  gone(reason: string, cause?: unknown): AisError
}

/** The body of an answer of `node:http`, read once and with back-pressure. */
export class MessageBody implements Body {
  readonly lengthBytes: number | undefined
  readonly #message: IncomingMessage
  readonly #options: MessageBodyOptions
  #used = false

  constructor(message: IncomingMessage, options: MessageBodyOptions) {
    this.lengthBytes = options.lengthBytes
    this.#message = message
    this.#options = options
  }

  /** Has somebody begun to read? */
  get used(): boolean {
    return this.#used
  }

  consume(sink: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    if (this.#used) return Promise.reject(new Error('a body can be read once'))
    this.#used = true
    if (this.lengthBytes === 0) return Promise.resolve()
    const message = this.#message
    const options = this.#options
    const declaredBytes = this.lengthBytes
    if (message.destroyed && !message.readableEnded && !message.complete) {
      return Promise.reject(options.gone('left before its body was read', message.errored))
    }
    options.onFirstRead?.()

    return new Promise((resolve, reject) => {
      let arrivedBytes = 0
      let paused = false
      // The last chunk may still be with the sink when the stream ends: `end` does not wait for a pause.
      let ended = false
      const unwatch = message.complete
        ? undefined
        : options.guard?.watch({
            socket: message.socket,
            direction: 'in',
            waiting: () => !paused && !message.complete,
            movedBytes: () => arrivedBytes,
          })

      function detach(): void {
        unwatch?.()
        message.off('data', onData)
        message.off('end', onEnd)
        message.off('error', onError)
        message.off('close', onClose)
      }
      function fail(error: unknown): void {
        detach()
        // A stream without a listener must not throw, nor run on by itself.
        message.on('error', () => {})
        message.pause()
        reject(error)
      }
      function onData(chunk: Uint8Array): void {
        arrivedBytes += chunk.byteLength
        options.onChunk?.()
        if (declaredBytes !== undefined && arrivedBytes > declaredBytes) {
          fail(options.gone(`sent more than the declared ${declaredBytes} bytes`))
          return
        }
        let taken: void | Promise<void>
        try {
          taken = sink(chunk)
        } catch (error) {
          fail(error)
          return
        }
        if (taken === undefined) return
        paused = true
        message.pause()
        options.onPaused?.(true)
        taken.then(() => {
          paused = false
          options.onPaused?.(false)
          if (ended) finish()
          else message.resume()
        }, fail)
      }
      function onEnd(): void {
        ended = true
        if (!paused) finish()
      }
      function finish(): void {
        if (
          message.complete === false ||
          (declaredBytes !== undefined && arrivedBytes !== declaredBytes)
        ) {
          fail(options.gone(cutShort(arrivedBytes, declaredBytes)))
          return
        }
        detach()
        resolve()
      }
      function onError(cause: unknown): void {
        fail(options.gone(cutShort(arrivedBytes, declaredBytes), cause))
      }
      function onClose(): void {
        if (ended) return
        fail(options.gone(cutShort(arrivedBytes, declaredBytes), message.errored ?? undefined))
      }

      message.on('data', onData)
      message.on('end', onEnd)
      message.on('error', onError)
      message.on('close', onClose)
      message.resume()
    })
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    return iterateBody(this)
  }
}

function cutShort(arrivedBytes: number, declaredBytes: number | undefined): string {
  const of = declaredBytes === undefined ? 'a chunked body' : `${declaredBytes} bytes`
  return `left after ${arrivedBytes} bytes of ${of}`
}
