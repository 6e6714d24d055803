import { AisError } from '../errors/ais-error.ts'
import type { ArchiveGuard } from './archive-guard.ts'
import { ByteSource, type OpenAt } from './byte-source.ts'
import {
  type ArchiveFormat,
  formatBytes,
  formatOfBytes,
  formatOfName,
  parseMime,
} from './formats.ts'
import { unpackLz4 } from './lz4-frame.ts'
import { type ArchiveReader, damaged } from './member.ts'
import { TarReader } from './read-tar.ts'
import { ZipReader } from './read-zip.ts'
import type { ArchivePlatform } from './write-archive.ts'

/** The file of an archive. */
export interface ArchiveFile {
  /** For messages, and for its extension. */
  readonly name: string
  readonly sizeBytes: number
  readonly openAt: OpenAt
}

/**
 * The format of `file`: what `mime` says, or else its extension, or else its first bytes.
 * @throws AisError `ErrBadRequest` none is known
 */
export async function findFormat(
  file: ArchiveFile,
  mime: string,
  guard: ArchiveGuard,
): Promise<ArchiveFormat> {
  if (mime !== '') return parseMime(mime)
  const byName = formatOfName(file.name)
  if (byName !== undefined) return byName
  const source = new ByteSource(file.openAt, true, guard)
  try {
    const start = await source.exactly(Math.min(formatBytes, file.sizeBytes))
    const byBytes = start === undefined ? undefined : formatOfBytes(start)
    if (byBytes !== undefined) return byBytes
  } finally {
    await source.close()
  }
  throw new AisError(
    'ErrBadRequest',
    `"${file.name.slice(0, 256)}": not in a format of archives that is known`,
  )
}

/** The packed bytes, counted. */
async function* packedBytes(file: ArchiveFile, guard: ArchiveGuard): AsyncGenerator<Uint8Array> {
  for await (const chunk of file.openAt(0)) {
    guard.addPacked(chunk.length)
    yield chunk
  }
}

/** The unpacked bytes, watched. */
async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  guard: ArchiveGuard,
): AsyncGenerator<Uint8Array> {
  let unpacked = 0
  try {
    for await (const chunk of chunks) {
      unpacked += chunk.length
      guard.checkRatio(unpacked)
      yield chunk
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^(?:Z_|ERR_)/.test(String(error.code))) {
      throw damaged(`its packing is malformed (${error.message})`)
    }
    throw error
  }
}

/** The bytes of the tar file that `file` holds, as a source. */
export function openTar(
  platform: ArchivePlatform,
  file: ArchiveFile,
  format: Exclude<ArchiveFormat, '.zip'>,
  guard: ArchiveGuard,
): ByteSource {
  if (format === '.tar') return new ByteSource(file.openAt, true, guard)
  const packed = packedBytes(file, guard)
  const unpacked =
    format === '.tgz' ? platform.compression.transform('gunzip', packed) : unpackLz4(packed, guard)
  return new ByteSource(() => watched(unpacked, guard), false, guard)
}

/** Reads the members of `file`. */
export function openArchive(
  platform: ArchivePlatform,
  file: ArchiveFile,
  format: ArchiveFormat,
  guard: ArchiveGuard,
): ArchiveReader {
  if (format !== '.zip') return new TarReader(openTar(platform, file, format, guard), guard)
  return new ZipReader({
    openAt: file.openAt,
    sizeBytes: file.sizeBytes,
    guard,
    compression: platform.compression,
    createCrc32: () => platform.createHasher('crc32'),
  })
}
