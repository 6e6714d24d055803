import type { ArchiveGuard } from './archive-guard.ts'
import { ByteSource } from './byte-source.ts'
import type { ArchiveFormat } from './formats.ts'
import type { ArchiveReader, NewMember } from './member.ts'
import { type ArchiveFile, openArchive, openTar } from './open-archive.ts'
import { TarReader } from './read-tar.ts'
import { findZipDirectory } from './read-zip.ts'
import { type ArchivePlatform, inPieces, packTar } from './write-archive.ts'
import { tarEnd, tarMember } from './write-tar.ts'
import { writeZip } from './write-zip.ts'

/** `length` bytes of a source. */
async function* taken(source: ByteSource, length: number): AsyncGenerator<Uint8Array> {
  try {
    while (source.position < length) {
      const part = await source.some(length - source.position)
      if (part === undefined) return
      yield part
    }
  } finally {
    await source.close()
  }
}

async function* appendTar(
  former: AsyncIterable<Uint8Array>,
  members: AsyncIterable<NewMember>,
): AsyncGenerator<Uint8Array> {
  yield* former
  for await (const member of members) yield* tarMember(member)
  yield tarEnd()
}

/** Reads all headers, so that a damaged or hostile archive is not passed on. */
async function scanAll(reader: ArchiveReader): Promise<void> {
  try {
    while ((await reader.next()) !== undefined) {
      // Reading on checks what came before.
    }
  } finally {
    await reader.close()
  }
}

/**
 * The bytes of `file` with `members` behind those it has. What is there is copied as it is; packed tar is packed anew.
 * @throws AisError `ErrBadRequest` before the first byte, when `file` is damaged
 */
export async function appendArchive(
  platform: ArchivePlatform,
  file: ArchiveFile,
  format: ArchiveFormat,
  members: AsyncIterable<NewMember>,
  guard: ArchiveGuard,
): Promise<AsyncIterable<Uint8Array>> {
  if (format === '.zip') return appendZip(platform, file, members, guard)
  const scan = new TarReader(openTar(platform, file, format, guard), guard)
  await scanAll(scan)
  const former = taken(openTar(platform, file, format, guard), scan.endOffset)
  return packTar(platform, format, appendTar(former, members))
}

async function appendZip(
  platform: ArchivePlatform,
  file: ArchiveFile,
  members: AsyncIterable<NewMember>,
  guard: ArchiveGuard,
): Promise<AsyncIterable<Uint8Array>> {
  await scanAll(openArchive(platform, file, '.zip', guard))
  const createCrc32 = () => platform.createHasher('crc32')
  const { openAt, sizeBytes } = file
  const directory = await findZipDirectory({
    openAt,
    sizeBytes,
    guard,
    createCrc32,
    compression: platform.compression,
  })
  const rows = new ByteSource((at) => openAt(directory.offset + at), true, guard)
  return inPieces(
    writeZip(members, createCrc32, {
      bytes: taken(new ByteSource(openAt, true, guard), directory.offset),
      bytesLength: directory.offset,
      directory: taken(rows, directory.sizeBytes),
      directoryBytes: directory.sizeBytes,
      entries: directory.entries,
    }),
  )
}
