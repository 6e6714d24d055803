import type { ArchiveGuard } from './archive-guard.ts'
import { ByteSource } from './byte-source.ts'
import { Lz4Packer, lz4BlockBound, unpackLz4Block } from './lz4-block.ts'
import { damaged } from './member.ts'
import { XxHash32, xxHash32 } from './xxhash32.ts'

const frameMagic = 0x184d2204
const skippableMagic = 0x184d2a50
const historyBytes = 64 * 1024
/** Set in a block's length: its bytes are stored as they are. */
const storedBit = 0x8000_0000
/** Block size this code writes (256 KiB), as upstream. */
const writtenBlockBytes = 256 * 1024
const writtenBlockCode = 5

interface FrameHeader {
  readonly independent: boolean
  readonly blockSums: boolean
  readonly contentSum: boolean
  readonly blockBytesMax: number
}

const wordOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)

async function need(source: ByteSource, bytes: number): Promise<Uint8Array> {
  const got = await source.exactly(bytes)
  if (got === undefined) throw damaged('an LZ4 frame is cut')
  return got
}

/** The header behind the magic number. @see LZ4 frame format, "Frame Descriptor" */
async function readHeader(source: ByteSource): Promise<FrameHeader> {
  const [flags = 0, sizes = 0] = await need(source, 2)
  const seen = [flags, sizes]
  if (flags >>> 6 !== 1) throw damaged('an LZ4 frame has an unknown version')
  if (flags & 1) throw damaged('LZ4 dictionaries are not supported')
  if (flags & 8) seen.push(...(await need(source, 8)))
  const [stated] = await need(source, 1)
  if (stated !== ((xxHash32(Uint8Array.from(seen)) >>> 8) & 255)) {
    throw damaged('the checksum of an LZ4 frame header does not hold')
  }
  const code = (sizes >>> 4) & 7
  if (code < 4) throw damaged('an LZ4 frame states an unknown block size')
  return {
    independent: (flags & 0x20) !== 0,
    blockSums: (flags & 0x10) !== 0,
    contentSum: (flags & 4) !== 0,
    blockBytesMax: 4 ** (code + 4),
  }
}

async function* readBlocks(source: ByteSource, header: FrameHeader): AsyncGenerator<Uint8Array> {
  const { blockBytesMax, independent } = header
  const history = independent ? 0 : historyBytes
  const hash = header.contentSum ? new XxHash32() : undefined
  let window = new Uint8Array(history + blockBytesMax)
  /** Bytes of history in front of the next block. */
  let kept = 0
  for (;;) {
    const size = wordOf(await need(source, 4))
    if (size === 0) break
    const length = (size & ~storedBit) >>> 0
    if (length > blockBytesMax) throw damaged('an LZ4 block is larger than its frame allows')
    const block = await need(source, length)
    const sum = header.blockSums ? xxHash32(block) : 0
    let end = kept + length
    if (size >>> 31 === 1) window.set(block, kept)
    else end = unpackLz4Block(block, window.subarray(0, kept + blockBytesMax), kept)
    if (header.blockSums && wordOf(await need(source, 4)) !== sum) {
      throw damaged('the checksum of an LZ4 block does not hold')
    }
    const out = window.subarray(kept, end)
    hash?.update(out)
    // What was handed out may still be read when the next block comes.
    const next = new Uint8Array(window.length)
    const from = Math.max(0, end - history)
    if (history > 0) next.set(window.subarray(from, end))
    window = next
    kept = history > 0 ? end - from : 0
    yield out
  }
  if (hash !== undefined && wordOf(await need(source, 4)) !== hash.digest()) {
    throw damaged('the checksum of an LZ4 frame does not hold')
  }
}

/**
 * Unpacks LZ4 frames, one behind the other, in memory of two blocks (4 MiB each at most).
 * @throws AisError `ErrBadRequest`
 */
export async function* unpackLz4(
  chunks: AsyncIterable<Uint8Array>,
  guard: ArchiveGuard,
): AsyncGenerator<Uint8Array> {
  const source = new ByteSource(() => chunks, false, guard)
  try {
    for (;;) {
      const magic = await source.exactly(4)
      if (magic === undefined) return
      const number = wordOf(magic)
      if ((number & 0xffff_fff0) === skippableMagic) {
        await source.skip(wordOf(await need(source, 4)))
        continue
      }
      if (number !== frameMagic) throw damaged('it is no LZ4 frame')
      yield* readBlocks(source, await readHeader(source))
    }
  } finally {
    await source.close()
  }
}

function frameHeader(): Uint8Array {
  const header = new Uint8Array(7)
  new DataView(header.buffer).setUint32(0, frameMagic, true)
  // Version 1, independent blocks, no checksums: what upstream writes unless a feature flag asks for one.
  header[4] = 0x60
  header[5] = writtenBlockCode << 4
  header[6] = (xxHash32(header.subarray(4, 6)) >>> 8) & 255
  return header
}

/** One block with its length in front. */
function packBlock(packer: Lz4Packer, bytes: Uint8Array): Uint8Array {
  const into = new Uint8Array(4 + lz4BlockBound(bytes.length))
  const packed = packer.pack(bytes, into.subarray(4))
  const isSmaller = packed < bytes.length
  if (!isSmaller) into.set(bytes, 4)
  const length = isSmaller ? packed : bytes.length
  new DataView(into.buffer).setUint32(0, isSmaller ? length : (length | storedBit) >>> 0, true)
  return into.subarray(0, 4 + length)
}

/** Packs `chunks` as one LZ4 frame of 256 KiB blocks. */
export async function* packLz4(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packer = new Lz4Packer()
  const block = new Uint8Array(writtenBlockBytes)
  let filled = 0
  yield frameHeader()
  for await (const chunk of chunks) {
    let at = 0
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + writtenBlockBytes - filled)
      block.set(part, filled)
      filled += part.length
      at += part.length
      if (filled < writtenBlockBytes) continue
      yield packBlock(packer, block)
      filled = 0
    }
  }
  if (filled > 0) yield packBlock(packer, block.subarray(0, filled))
  yield new Uint8Array(4)
}
