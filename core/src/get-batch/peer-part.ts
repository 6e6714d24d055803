import { ArchiveGuard } from '../archive/archive-guard.ts'
import { ByteSource } from '../archive/byte-source.ts'
import { AisError, isAisError } from '../errors/ais-error.ts'
import { checkStatus } from '../node/node-answer.ts'
import type { Answer, NodeCall } from '../ports/call.ts'
import { parseJsonBytes } from '../wire/json.ts'
import {
  type BatchPart,
  type Delivery,
  faultOf,
  isFault,
  type Outlook,
  type PartRequest,
} from './batch-part.ts'
import {
  formatPartRequest,
  frameHeadBytes,
  parseFault,
  parseFrameHead,
  parseOutlook,
  partPath,
} from './part-wire.ts'

/** Content of at most this many bytes is taken at once. */
const smallBytesMax = 16 * 1024
const pieceBytes = 256 * 1024
/** An outlook of 10,000 faults, each with a long name. */
const textBytesMax = 64 * 1024 * 1024
/** Times that a peer is asked again without anything new coming. */
const retriesMax = 2

export interface PeerParts {
  readonly request: PartRequest
  readonly signal: AbortSignal
  /** Sends a call to the peer; every wait for something of the answer is bounded. */
  ask(call: NodeCall): Promise<Answer>
  monotonic(): number
  afterTurn(): Promise<void>
  /** The connection broke, and is made anew. */
  onRetry(why: AisError): void
}

const unlimited = Number.POSITIVE_INFINITY

/** What another target holds, streamed from it. A connection that breaks is made anew behind what came. */
export class PeerPart implements BatchPart {
  readonly #parts: PeerParts
  #source: ByteSource | undefined
  /** Index of the entry to come, and what was known of each. */
  #at = 0
  #rows: readonly Outlook[] = []
  #retries = 0

  constructor(parts: PeerParts) {
    this.#parts = parts
  }

  /** Asks for entries from `from` on; those before are there already. */
  async #open(from: number): Promise<readonly Outlook[]> {
    const { request, signal, monotonic, afterTurn } = this.#parts
    await this.#source?.close()
    const body = formatPartRequest({ ...request, entries: request.entries.slice(from) })
    const answer = await this.#parts.ask({ method: 'POST', target: partPath, body, signal })
    if (answer.status !== 200) await checkStatus(answer)
    const limits = {
      scanBytesMax: unlimited,
      ratioMax: unlimited,
      ratioAfterBytes: unlimited,
      membersMax: unlimited,
    }
    const guard = new ArchiveGuard({ limits, signal, monotonic, afterTurn })
    this.#source = new ByteSource(() => answer.body.lent?.() ?? answer.body, false, guard)
    const { kind, length } = parseFrameHead(await this.#need(frameHeadBytes))
    if (kind !== 'o' || length > textBytesMax) throw broken()
    return parseOutlook(await this.#need(length), request.entries.length - from)
  }

  async #need(bytes: number): Promise<Uint8Array> {
    const got = await this.#source?.exactly(bytes)
    if (got === undefined) throw broken()
    return got
  }

  async outlook(): Promise<readonly Outlook[]> {
    try {
      this.#rows = await this.#open(0)
    } catch (error) {
      const fault = faultOf(error)
      this.#rows = this.#parts.request.entries.map(() => fault)
    }
    return this.#rows
  }

  async next(): Promise<Delivery> {
    while (this.#rows[this.#at] !== undefined && isFault(this.#rows[this.#at] ?? { sizeBytes: 0 }))
      this.#at += 1
    for (;;) {
      try {
        return await this.#frame()
      } catch (error) {
        if (!(await this.#canAskAgain(error))) return faultOf(error)
      }
    }
  }

  async #frame(): Promise<Delivery> {
    const { kind, length } = parseFrameHead(await this.#need(frameHeadBytes))
    if (kind === 'o') throw broken()
    if (kind === 'f') {
      if (length > textBytesMax) throw broken()
      const fault = parseFault(parseJsonBytes(await this.#need(length)))
      this.#at += 1
      return fault
    }
    if (length > smallBytesMax) {
      this.#at += 1
      return { sizeBytes: length, content: this.#content(this.#at - 1, length) }
    }
    const content = length === 0 ? new Uint8Array(0) : await this.#need(length)
    this.#at += 1
    this.#retries = 0
    return { sizeBytes: length, content }
  }

  async *#content(index: number, length: number): AsyncGenerator<Uint8Array> {
    let done = 0
    let isAnew = false
    while (done < length) {
      let piece: Uint8Array | undefined
      try {
        if (isAnew) await this.#skipTo(length, done)
        isAnew = false
        piece = await this.#source?.some(Math.min(length - done, pieceBytes))
        if (piece === undefined) throw broken()
      } catch (error) {
        this.#at = index
        if (!(await this.#canAskAgain(error))) throw error
        this.#at = index + 1
        isAnew = true
        continue
      }
      done += piece.length
      this.#retries = 0
      yield piece
    }
  }

  /** Behind `done` bytes of content that was begun before. @throws AisError it is another one by now */
  async #skipTo(length: number, done: number): Promise<void> {
    const frame = parseFrameHead(await this.#need(frameHeadBytes))
    if (frame.kind !== 'c' || frame.length !== length) {
      throw new AisError('ErrBusy', 'an object was overwritten while it was sent')
    }
    await this.#source?.skip(done)
  }

  /** Connects anew, from the entry to come on; what became a fault meanwhile is told as one. */
  async #canAskAgain(error: unknown): Promise<boolean> {
    const { signal, onRetry } = this.#parts
    if (!isAisError(error) || signal.aborted || this.#retries >= retriesMax) return false
    this.#retries += 1
    onRetry(error)
    try {
      const rows = await this.#open(this.#at)
      const [first] = rows
      return first !== undefined && !isFault(first)
    } catch (cause) {
      if (!isAisError(cause)) throw cause
      return this.#canAskAgain(cause)
    }
  }

  async close(): Promise<void> {
    await this.#source?.close()
  }
}

function broken(): AisError {
  return new AisError('ErrUnreachable', 'get-batch: the connection to a peer broke')
}
