import type { Verdict } from '@aistore-ts/core/ports/mountpath.ts'
import type { PartRow } from '../../catalog/upload-table.ts'
import type { MountpathContext } from '../context.ts'
import { blockBytes, blockSumBytes, createBlockSums } from './block-sums.ts'

/** The bytes `[offset, offset + length)` of one file. */
type ReadFile = (offset: number, length: number) => AsyncIterable<Uint8Array>

/**
 * Checks every block of a file that `[offset, offset + length)` touches against `sums`. `unknown` when the list is not
 * one of a file of `sizeBytes`.
 */
export async function verifyBlocks(
  context: MountpathContext,
  sums: Uint8Array,
  sizeBytes: number,
  read: ReadFile,
  offset: number,
  length: number,
): Promise<Verdict> {
  if (sums.byteLength !== Math.ceil(sizeBytes / blockBytes) * blockSumBytes) return 'unknown'
  if (length === 0) return 'sound'
  const first = Math.floor(offset / blockBytes)
  const end = Math.ceil((offset + length) / blockBytes)
  const from = first * blockBytes
  const actual = createBlockSums(context)
  for await (const chunk of read(from, Math.min(end * blockBytes, sizeBytes) - from)) {
    actual.update(chunk)
  }
  const expected = sums.subarray(first * blockSumBytes, end * blockSumBytes)
  return equalBytes(actual.finish(), expected) ? 'sound' : 'damaged'
}

/** Checks the blocks of a part that a range touches; all of the part when it has no list of its own. */
export async function verifyPart(
  context: MountpathContext,
  part: PartRow,
  read: ReadFile,
  offset: number,
  length: number,
): Promise<Verdict> {
  const sums = context.catalog.blocks.load(part.blocks)
  if (sums !== undefined) {
    const verdict = await verifyBlocks(context, sums, part.sizeBytes, read, offset, length)
    if (verdict !== 'unknown') return verdict
  }
  const { type, value } = part.checksum
  if (type === 'none' || value === '') return 'unknown'
  const hasher = context.createHasher(type)
  for await (const chunk of read(0, part.sizeBytes)) hasher.update(chunk)
  return hasher.digestHex() === value ? 'sound' : 'damaged'
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at])
}
