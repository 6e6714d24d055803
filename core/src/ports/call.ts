/** One header line. Names are lower-case on what arrived, spelled as upstream spells them on what leaves. */
export type HeaderLine = readonly [name: string, value: string]

/** The header block of a message that arrived: order and repetition kept, names looked up in lower case. */
export interface HeaderBlock {
  /** Value of the first line called `name` (lower-case), or `undefined`. */
  get(name: string): string | undefined
  /** Values of all lines called `name`, in the order of arrival. */
  all(name: string): readonly string[]
  lines(): readonly HeaderLine[]
}

/**
 * A body on its way in. It can be read once. Nothing is read, and no `100 Continue` is sent, before the
 * first use; a body nobody reads is drained (bounded) or cut by the listener.
 */
export interface Body extends AsyncIterable<Uint8Array> {
  /** The declared Content-Length; `undefined` when chunked. */
  readonly lengthBytes: number | undefined
  /**
   * Hands every chunk to `sink` in order, waiting for the promises it returns (back-pressure). The quickest way
   * to take a body in. A chunk may be reused by the runtime after `sink` is done with it: copy what is kept.
   * @throws AisError `ErrClientGone` when the peer leaves early or the length is not as declared
   */
  consume(sink: (chunk: Uint8Array) => void | Promise<void>): Promise<void>
  /** The chunks one by one, each valid until the next one is asked for: then its memory is used again. */
  lent?(): AsyncIterable<Uint8Array>
}

/** Which of a node's three networks accepted a call. Trust comes from here and from nowhere else. */
export type Network = 'public' | 'control' | 'data'

/** One HTTP exchange without the web's losses: raw target, ordered header lines, a body on any method. */
export interface Call {
  readonly method: string
  /** Request target exactly as it arrived (Latin-1 bytes as a string); parsed once, in `wire/target.ts`. */
  readonly target: string
  readonly headers: HeaderBlock
  readonly body: Body
  readonly network: Network
  readonly remoteAddress: string
  readonly remotePort: number
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

/** A file pinned by its descriptor: a rename or unlink after `open` changes nothing of what is read. */
export interface OpenFile {
  readonly fd: number
  close(): void
}

/** A contiguous part of an open file. */
export interface FileSlice {
  readonly file: OpenFile
  readonly offset: number
  readonly length: number
}

export type ReplyBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array | string }
  /** Sent the runtime's own fast way, in order. The listener closes each distinct file once, whatever happens. */
  | { readonly kind: 'files'; readonly slices: readonly FileSlice[] }
  /** `lengthBytes` given: sent with Content-Length, and cut when the chunks do not add up to it. */
  | {
      readonly kind: 'stream'
      readonly chunks: AsyncIterable<Uint8Array>
      readonly lengthBytes?: number | undefined
    }

/** Header lines that many replies have in common. */
export interface SharedLines {
  readonly lines: readonly HeaderLine[]
  /** How they are written: for a listener to set and to find again. */
  wire?: string | undefined
}

/** What a handler answers. Content-Length is the listener's work unless a HEAD reply states it in `headers`. */
export interface Reply {
  readonly status: number
  readonly headers: readonly HeaderLine[]
  /** Lines that follow `headers`. */
  readonly shared?: SharedLines | undefined
  readonly body?: ReplyBody | undefined
  /** Close the connection after this reply. */
  readonly close?: boolean | undefined
  /** Called once, when the reply was handed to the network in full (`true`) or could not be (`false`). */
  readonly onEnd?: ((complete: boolean) => void) | undefined
}

export type Handler = (call: Call) => Reply | Promise<Reply>

/** A call that goes out. A body on any method is legal here, GET included (`node:http`, never `fetch`). */
export interface NodeCall {
  readonly method: string
  /** Path and query, already encoded. */
  readonly target: string
  readonly headers?: readonly HeaderLine[] | undefined
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array> | undefined
  /** Declared length of a streamed body; without it the body goes chunked. */
  readonly lengthBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What came back. The body must be read or `discard`ed. */
export interface Answer {
  readonly status: number
  readonly headers: HeaderBlock
  readonly body: Body
  /** The whole body. @throws AisError `ErrTooLarge` past `limitBytes` (default 64 MiB) */
  bytes(limitBytes?: number): Promise<Uint8Array>
  discard(): void
}
