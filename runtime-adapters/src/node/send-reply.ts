import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Reply, ReplyBody } from '@aistore-ts/core/ports/call.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { IncomingCall } from './incoming-call.ts'
import { lingerThenEnd } from './linger.ts'
import type { RateGuard } from './rate-guard.ts'
import { closeFiles, readAt, readSlicesNow } from './read-file.ts'
import { toWireText } from './wire-text.ts'

/** Longest file reply that is read and written in one go. */
const oneWriteBytesMax = 65_536

/** One exchange on its way out. */
export interface Outgoing {
  readonly call: IncomingCall
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly guard: RateGuard
  readonly pool: BufferPool
  /** Body bytes given to the runtime so far; `response.writableLength` of them are not with the kernel yet. */
  handedBytes: number
  /** Is the listener about to close? Then every reply closes its connection. */
  closing(): boolean
}

/**
 * Writes `reply` to the wire. Resolves, or returns nothing, when all of it was handed to the runtime;
 * files are closed by then. An error before the header block was sent leaves the response untouched;
 * `response.headersSent` tells.
 * @throws Error when the body is not as long as it was said to be, or the client left
 */
export function sendReply(outgoing: Outgoing, reply: Reply): void | Promise<void> {
  const { call } = outgoing
  const { body } = reply
  const isHead = call.method === 'HEAD'
  const isBare = isHead || reply.status === 204 || reply.status === 304 || reply.status < 200
  const lingers = call.bodyRest() === 'long'
  const close = reply.close === true || lingers || outgoing.closing()

  // Closing a descriptor twice may close what somebody else has opened meanwhile.
  let held = body
  const release = (): void => {
    const releasing = held
    held = undefined
    releaseBody(releasing)
  }

  try {
    if (isBare || body === undefined) {
      // A HEAD reply that neither states a length nor has a body to measure does not claim zero.
      const length = isBare && (!isHead || body === undefined) ? undefined : lengthOf(body)
      writeHead(outgoing, reply, length, close)
      release()
      return end(outgoing, undefined, lingers)
    }
    if (body.kind === 'stream') {
      writeHead(outgoing, reply, body.lengthBytes, close)
      return sendStream(outgoing, body.chunks, body.lengthBytes, lingers)
    }
    if (body.kind === 'bytes') {
      const bytes = typeof body.bytes === 'string' ? Buffer.from(body.bytes, 'utf8') : body.bytes
      writeHead(outgoing, reply, bytes.byteLength, close)
      return end(outgoing, bytes, lingers)
    }
    const lengthBytes = lengthOf(body) ?? 0
    if (lengthBytes <= oneWriteBytesMax) {
      const bytes = readSlicesNow(body.slices, lengthBytes)
      writeHead(outgoing, reply, lengthBytes, close)
      release()
      return end(outgoing, bytes, lingers)
    }
    writeHead(outgoing, reply, lengthBytes, close)
    return sendFiles(outgoing, body, lingers)
  } catch (error) {
    release()
    throw error
  }
}

/** Length of a reply's body, where it is known without reading it. */
export function lengthOf(body: ReplyBody | undefined): number | undefined {
  if (body === undefined) return 0
  switch (body.kind) {
    case 'bytes':
      return typeof body.bytes === 'string' ? Buffer.byteLength(body.bytes) : body.bytes.byteLength
    case 'files':
      return body.slices.reduce((sum, slice) => sum + slice.length, 0)
    case 'stream':
      return body.lengthBytes
  }
}

/** Lets go of a body that will not be sent. */
export function releaseBody(body: ReplyBody | undefined): void {
  if (body?.kind === 'files') closeFiles(body.slices)
  else if (body?.kind === 'stream') {
    Promise.resolve(body.chunks[Symbol.asyncIterator]().return?.()).catch(() => {})
  }
}

function writeHead(
  outgoing: Outgoing,
  reply: Reply,
  lengthBytes: number | undefined,
  close: boolean,
): void {
  const lines: string[] = []
  let stated: string | undefined
  for (const [name, value] of reply.headers) {
    if (name.length === 14 && name.toLowerCase() === 'content-length') stated = value
    else lines.push(name, toWireText(value))
  }
  const mayState = outgoing.call.method === 'HEAD' || reply.status === 304
  const length = mayState && stated !== undefined ? stated : lengthBytes
  if (length !== undefined) lines.push('Content-Length', String(length))
  if (close) lines.push('Connection', 'close')
  outgoing.response.writeHead(reply.status, lines)
}

/** Writes the last bytes. A client whose body is still under way is given time to read the reply first. */
function end(
  outgoing: Outgoing,
  bytes: Uint8Array | undefined,
  lingers: boolean,
): void | Promise<void> {
  const { response, request, call } = outgoing
  outgoing.handedBytes += bytes?.byteLength ?? 0
  if (lingers) {
    if (bytes !== undefined) response.write(bytes)
    else response.flushHeaders()
    return lingerThenEnd(request, response, call.continueOwed)
  }
  if (bytes === undefined || bytes.byteLength === 0) response.end()
  else response.end(bytes)
  if (response.writableLength > 0 && !response.writableFinished) {
    response.once('close', watchReply(outgoing))
  }
}

/** Writes one chunk; resolves when the runtime is done with its memory. */
function write(outgoing: Outgoing, chunk: Uint8Array): Promise<void> {
  const { response } = outgoing
  outgoing.handedBytes += chunk.byteLength
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error('the connection closed'))
    response.once('close', onClose)
    response.write(chunk, (error) => {
      response.off('close', onClose)
      if (error) reject(error)
      else resolve()
    })
  })
}

async function sendFiles(
  outgoing: Outgoing,
  body: Extract<ReplyBody, { kind: 'files' }>,
  lingers: boolean,
): Promise<void> {
  const unwatch = watchReply(outgoing)
  let written: Promise<void> = Promise.resolve()
  try {
    for (const slice of body.slices) {
      const endAt = slice.offset + slice.length
      for (let offset = slice.offset; offset < endAt; ) {
        const buffer = outgoing.pool.take()
        const length = Math.min(buffer.byteLength, endAt - offset)
        const count = await readAt(slice.file.fd, buffer, length, offset)
        if (count === 0) throw new Error(`a file ended ${endAt - offset} bytes before its slice`)
        offset += count
        // One read ahead: the next block is read while this one is written.
        await written
        written = write(outgoing, buffer.subarray(0, count)).then(() => outgoing.pool.give(buffer))
        written.catch(() => {})
      }
    }
    await written
  } finally {
    unwatch()
    closeFiles(body.slices)
  }
  await end(outgoing, undefined, lingers)
}

async function sendStream(
  outgoing: Outgoing,
  chunks: AsyncIterable<Uint8Array>,
  lengthBytes: number | undefined,
  lingers: boolean,
): Promise<void> {
  const unwatch = watchReply(outgoing)
  let sentBytes = 0
  try {
    for await (const chunk of chunks) {
      if (chunk.byteLength === 0) continue
      sentBytes += chunk.byteLength
      if (lengthBytes !== undefined && sentBytes > lengthBytes) {
        throw new Error(`a reply of ${lengthBytes} bytes ran over`)
      }
      await write(outgoing, chunk)
    }
    if (lengthBytes !== undefined && sentBytes !== lengthBytes) {
      throw new Error(`a reply of ${lengthBytes} bytes ended after ${sentBytes}`)
    }
  } finally {
    unwatch()
  }
  await end(outgoing, undefined, lingers)
}

/** Watches the client take the reply. Behind an earlier reply of the same connection nothing can move. */
function watchReply(outgoing: Outgoing): () => void {
  const { guard, request, response } = outgoing
  return guard.watch({
    socket: request.socket,
    direction: 'out',
    waiting: () => response.socket !== null && response.writableLength > 0,
    movedBytes: () => outgoing.handedBytes - response.writableLength,
  })
}
