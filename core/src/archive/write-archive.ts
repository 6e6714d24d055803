import type { Compression } from '../ports/compression.ts'
import type { Platform } from '../ports/platform.ts'
import type { ArchiveFormat } from './formats.ts'
import { packLz4 } from './lz4-frame.ts'
import type { NewMember } from './member.ts'
import { writeTar } from './write-tar.ts'
import { writeZip } from './write-zip.ts'

/** What writing an archive takes of a runtime. */
export type ArchivePlatform = Pick<Platform, 'createHasher'> & { readonly compression: Compression }

/** Small chunks go together in pieces of this many bytes. */
const pieceBytes = 64 * 1024
/** Chunks of at least this many bytes go as they are: copying them costs more than sending one more piece. */
const ownPieceBytesMin = 16 * 1024

/** Joins small chunks to pieces; large ones pass as they are. */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Pieces share it one behind the other: most are but a header between two large chunks.
  let room = new Uint8Array(pieceBytes)
  let start = 0
  let end = 0
  for await (const chunk of chunks) {
    const isOwn = chunk.length >= ownPieceBytesMin
    const isFull = end + chunk.length > pieceBytes
    if (end > start && (isOwn || isFull)) {
      yield room.subarray(start, end)
      start = end
    }
    if (isOwn) {
      yield chunk
      continue
    }
    if (isFull) {
      room = new Uint8Array(pieceBytes)
      start = 0
      end = 0
    }
    room.set(chunk, end)
    end += chunk.length
  }
  if (end > start) yield room.subarray(start, end)
}

/** The bytes of a tar file in the packing that `format` says. */
export function packTar(
  platform: ArchivePlatform,
  format: Exclude<ArchiveFormat, '.zip'>,
  tar: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (format === '.tar') return inPieces(tar)
  if (format === '.tgz') return platform.compression.transform('gzip', inPieces(tar))
  return packLz4(tar)
}

/** A whole archive of `members`, pulled as it is read. */
export function writeArchive(
  platform: ArchivePlatform,
  format: ArchiveFormat,
  members: AsyncIterable<NewMember>,
): AsyncIterable<Uint8Array> {
  if (format !== '.zip') return packTar(platform, format, writeTar(members))
  return inPieces(writeZip(members, () => platform.createHasher('crc32')))
}
