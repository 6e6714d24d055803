import { type ObjectAttributes, parseObjectAttributes } from './object-attributes.ts'
import { type HttpResponse, readBytes } from './transport/http-transport.ts'
import { streamOf } from './transport/request-body.ts'

/** An object on its way in. The content is read once, one way or another, or discarded. */
export class ObjectReader {
  readonly attributes: ObjectAttributes
  /** 200 for the whole object, 206 for a range. */
  readonly status: number
  /** `bytes a-b/size` of a range. */
  readonly contentRange: string | undefined
  readonly #response: HttpResponse

  constructor(response: HttpResponse) {
    this.#response = response
    this.status = response.status
    this.attributes = parseObjectAttributes(response.headers)
    this.contentRange = response.headers.get('content-range')
  }

  /** The content with back-pressure; cancelling the stream drops the connection. */
  stream(): ReadableStream<Uint8Array> {
    return streamOf(this.chunks())
  }

  /** The same as chunks. @throws NetworkError when the transfer is cut short */
  chunks(): AsyncIterable<Uint8Array> {
    return this.#response.chunks()
  }

  bytes(): Promise<Uint8Array> {
    return readBytes(this.#response)
  }

  /** The content as UTF-8. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes())
  }

  discard(): Promise<void> {
    return this.#response.discard()
  }
}
