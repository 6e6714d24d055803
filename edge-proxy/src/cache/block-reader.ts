import { edgeBlockBytes } from '@aistore-ts/core/config/edge-limits.ts'
import { generationHeader } from '@aistore-ts/core/edge/edge-read.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer } from '@aistore-ts/core/ports/call.ts'
import type { CheckedBlocks } from './checked-blocks.ts'
import { type OwnersRead, rangeCall } from './owner-call.ts'
import { type Span, spanOf } from './span.ts'

/** One version of an object, read block by block: those that are kept from there, the rest from the owner. */
export interface VersionRead {
  readonly read: OwnersRead
  readonly generation: string
  readonly span: Span
  readonly blocks: CheckedBlocks
}

const generationName = generationHeader.toLowerCase()

function keyOf({ read, generation }: VersionRead, block: number): string {
  return `${read.bucket}/${generation}/${block}`
}

function endOf({ span }: VersionRead, block: number): number {
  return Math.min((block + 1) * edgeBlockBytes, span.sizeBytes)
}

/** What of a block is wanted. */
function wantedOf({ span }: VersionRead, block: number, bytes: Uint8Array): Uint8Array {
  const at = block * edgeBlockBytes
  return bytes.subarray(Math.max(0, span.start - at), Math.min(bytes.byteLength, span.end - at))
}

export function firstBlock({ span }: VersionRead): number {
  return Math.floor(span.start / edgeBlockBytes)
}

export function lastBlock({ span }: VersionRead): number {
  return Math.floor((span.end - 1) / edgeBlockBytes)
}

export function findBlock(version: VersionRead, block: number) {
  const lengthBytes = endOf(version, block) - block * edgeBlockBytes
  return version.blocks.find(keyOf(version, block), lengthBytes)
}

/** The owner's answer with all blocks from `block` on; `undefined`: this version is there no more. */
export async function openBlocks(version: VersionRead, block: number): Promise<Answer | undefined> {
  const start = block * edgeBlockBytes
  const end = endOf(version, lastBlock(version))
  const answer = await version.read.ask(rangeCall(version.read.call, start, end))
  const got = answer && spanOf(answer)
  const isRight =
    got?.start === start &&
    got.end === end &&
    answer?.headers.get(generationName) === version.generation &&
    answer.headers.get('content-encoding') === undefined
  if (isRight) return answer
  answer?.discard()
  return undefined
}

/** Cuts an answer that begins with `block` into blocks, keeps them, and yields what of them is wanted. */
async function* cutBlocks(version: VersionRead, from: number, answer: Answer) {
  let block = from
  const empty = () => new Uint8Array(endOf(version, block) - block * edgeBlockBytes)
  let filling = empty()
  let filled = 0
  let isDone = false
  try {
    for await (const chunk of answer.body) {
      let rest: Uint8Array = chunk
      while (rest.byteLength > 0) {
        const taken = rest.subarray(0, filling.byteLength - filled)
        filling.set(taken, filled)
        filled += taken.byteLength
        rest = rest.subarray(taken.byteLength)
        if (filled < filling.byteLength) continue
        await version.blocks.keep(keyOf(version, block), filling)
        yield wantedOf(version, block, filling)
        if (block === lastBlock(version)) {
          isDone = true
          return
        }
        block += 1
        filling = empty()
        filled = 0
      }
    }
    throw new AisError('ErrUnreachable', `the owner left within block ${block}`)
  } finally {
    if (!isDone) answer.discard()
  }
}

/**
 * The bytes of the span.
 * @param start the first block, or the owner's answer that begins with it
 * @throws AisError `ErrUnreachable` a block is neither kept nor at the owner any more: what was sent is right, and not all
 */
export async function* readBlocks(
  version: VersionRead,
  start: Uint8Array | Answer,
): AsyncGenerator<Uint8Array, void, void> {
  const first = firstBlock(version)
  if (!(start instanceof Uint8Array)) {
    yield* cutBlocks(version, first, start)
    return
  }
  yield wantedOf(version, first, start)
  for (let block = first + 1; block <= lastBlock(version); block++) {
    const kept = await findBlock(version, block)
    if (kept !== undefined) {
      yield wantedOf(version, block, kept)
      continue
    }
    const answer = await openBlocks(version, block)
    if (answer === undefined) {
      throw new AisError('ErrUnreachable', `block ${block} of this version is there no more`)
    }
    yield* cutBlocks(version, block, answer)
    return
  }
}
