import {
  edgeBlockBytes,
  edgeCachedAnswerBytesMax,
  edgeKnownVersionsMax,
} from '@aistore-ts/core/config/edge-limits.ts'
import { generationHeader } from '@aistore-ts/core/edge/edge-read.ts'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { HeaderLine, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import { endToEnd } from '@aistore-ts/core/proxy/relay.ts'
import { findBlock, firstBlock, lastBlock, openBlocks, readBlocks } from './block-reader.ts'
import type { BlockStore } from './block-store.ts'
import type { CacheMode } from './cache-mode.ts'
import { checkedBlocks } from './checked-blocks.ts'
import { createKnownVersions, type LookedUp } from './known-versions.ts'
import { markedCall, type OwnersRead, variantOf } from './owner-call.ts'
import { spanOf } from './span.ts'

/** Says whether an answer's bytes began with what was kept (`hit`) or came from the owner (`miss`). */
export const cacheHeader = 'Ais-Cache'

/**
 * Reads by generation and block. A first read goes to the owner untouched, and what is kept begins with the second one.
 * Whoever asks here has been let in already.
 */
export interface CachedReads {
  /** The answer, where the owner needs not be asked for all of it. `undefined`: ask it. */
  find(read: OwnersRead): Promise<Reply | undefined>
  /** Remembers what the owner answered to a marked call, and gives it on without what only this edge is to know. */
  noted(read: OwnersRead, reply: Reply): Reply
}

export interface CachedReadsParts {
  readonly mode: CacheMode
  readonly store: BlockStore
  readonly clock: Pick<Clock, 'monotonic'>
}

const generationName = generationHeader.toLowerCase()
const notModifiedStatus = 304
const notFoundStatus = 404

/** Lines of a whole answer, by name: whoever reads them has them from a reply. */
function getter(lines: readonly HeaderLine[]) {
  return {
    get: (wanted: string) => lines.find(([name]) => name.toLowerCase() === wanted)?.[1],
  }
}

const isOfOwner = ([name]: HeaderLine) => name.toLowerCase() === generationName

function lengthOf(body: Reply['body']): number | undefined {
  if (body === undefined) return 0
  if (body.kind === 'stream') return body.lengthBytes
  return body.kind === 'bytes' ? body.bytes.length : undefined
}

function withoutOwn(lines: readonly HeaderLine[]): HeaderLine[] {
  return endToEnd(lines).filter(([name]) => name.toLowerCase() !== 'date' && !isOfOwner([name, '']))
}

export function createCachedReads({ mode, store, clock }: CachedReadsParts): CachedReads {
  const blocks = checkedBlocks(store)
  const known = createKnownVersions(edgeKnownVersionsMax)
  const nameOf = ({ bucket, name }: OwnersRead) => `${bucket}/${name}`

  function fresh(read: OwnersRead): LookedUp | undefined {
    const looked = known.find(nameOf(read))?.looked
    if (mode.kind !== 'max-age' || looked === undefined) return undefined
    const isYoung = clock.monotonic() - looked.atMs < mode.maxAgeMs
    return isYoung && looked.variant === variantOf(read) ? looked : undefined
  }

  async function lookUp(read: OwnersRead): Promise<LookedUp | undefined> {
    const answer = await read.ask(markedCall(read.call, 'HEAD'))
    if (answer === undefined) return undefined
    const { status, headers } = answer
    answer.discard()
    const atMs = clock.monotonic()
    return { variant: variantOf(read), status, headers: headers.lines(), atMs }
  }

  async function answer(read: OwnersRead, looked: LookedUp): Promise<Reply | undefined> {
    const { status } = looked
    const headers = getter(looked.headers)
    if (status === notModifiedStatus) return { status, headers: withoutOwn(looked.headers) }
    const generation = headers.get(generationName)
    const span = spanOf({ status, headers })
    const isPlain = headers.get('content-encoding') === undefined
    if (generation === undefined || span === undefined || !isPlain) return undefined
    const lengthBytes = span.end - span.start
    if (lengthBytes === 0 || lengthBytes > edgeCachedAnswerBytesMax) return undefined
    const { sizeBytes } = span
    known.note(nameOf(read), {
      ...{ generation, sizeBytes },
      ...(mode.kind === 'max-age' ? { looked } : {}),
    })
    const version = { read, generation, span, blocks }
    const kept = await findBlock(version, firstBlock(version))
    const start = kept ?? (await openBlocks(version, firstBlock(version)))
    if (start === undefined) return undefined
    const lines: readonly HeaderLine[] = [
      ...withoutOwn(looked.headers),
      [cacheHeader, kept === undefined ? 'miss' : 'hit'],
    ]
    if (kept !== undefined && firstBlock(version) === lastBlock(version)) {
      const at = firstBlock(version) * edgeBlockBytes
      const bytes = kept.subarray(span.start - at, span.end - at)
      return { status, headers: lines, body: { kind: 'bytes', bytes } }
    }
    const chunks = readBlocks(version, start)
    return { status, headers: lines, body: { kind: 'stream', chunks, lengthBytes } }
  }

  return {
    async find(read) {
      const version = known.find(nameOf(read))
      const isWhole = read.call.headers.get('range') === undefined
      if (version === undefined) return undefined
      if (isWhole && version.sizeBytes > edgeCachedAnswerBytesMax) return undefined
      try {
        const looked = fresh(read) ?? (await lookUp(read))
        return looked && (await answer(read, looked))
      } catch (error) {
        // The owner is away, or another's by now: whoever asks it for everything finds out, and says so.
        if (isAisError(error)) return undefined
        throw error
      }
    },
    noted(read, reply) {
      const lines = reply.headers.filter((line) => !isOfOwner(line))
      const hasBytes = reply.status === 200 || reply.status === 206
      if (!hasBytes) {
        if (reply.status === notFoundStatus) known.forget(nameOf(read))
        return { ...reply, headers: lines }
      }
      const told = getter([...reply.headers, ['content-length', String(lengthOf(reply.body))]])
      const generation = told.get(generationName)
      const span = spanOf({ status: reply.status, headers: told })
      const isPlain = told.get('content-encoding') === undefined
      if (generation !== undefined && span !== undefined && isPlain) {
        known.note(nameOf(read), { generation, sizeBytes: span.sizeBytes })
      } else {
        known.forget(nameOf(read))
      }
      return { ...reply, headers: [...lines, [cacheHeader, 'miss']] }
    },
  }
}
