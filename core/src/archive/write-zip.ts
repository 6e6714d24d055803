import { utf8Encode } from '../algorithms/utf8.ts'
import type { Hasher } from '../ports/platform.ts'
import { checkMemberName, type NewMember } from './member.ts'
import { contentOf } from './write-tar.ts'
import { formatCentral, formatDescriptor, formatEnd, formatLocal } from './zip-records.ts'

/** What a ZIP file begins with when files are appended to it. */
export interface ZipStart {
  /** Everything in front of its central directory. */
  readonly bytes: AsyncIterable<Uint8Array>
  readonly bytesLength: number
  readonly directory: AsyncIterable<Uint8Array>
  readonly directoryBytes: number
  readonly entries: number
}

/**
 * A whole ZIP file: members stored as they are, as upstream writes them, each with its checksum behind it; zip64 where a
 * number needs it. Of the members so far only the rows of the central directory are kept (their names and 46 bytes).
 */
export async function* writeZip(
  members: AsyncIterable<NewMember>,
  createCrc32: () => Hasher,
  start?: ZipStart,
): AsyncGenerator<Uint8Array> {
  const rows: Uint8Array[] = []
  let offset = start?.bytesLength ?? 0
  if (start !== undefined) yield* start.bytes
  for await (const member of members) {
    const { name, sizeBytes, mtimeSeconds } = member
    checkMemberName(name)
    const local = formatLocal(utf8Encode(name), sizeBytes, mtimeSeconds)
    yield local
    const crc = createCrc32()
    for await (const chunk of contentOf(member)) {
      crc.update(chunk)
      yield chunk
    }
    const crc32 = Number.parseInt(crc.digestHex(), 16)
    const descriptor = formatDescriptor(crc32, sizeBytes)
    yield descriptor
    rows.push(formatCentral({ name, crc32, sizeBytes, offset, mtimeSeconds }))
    offset += local.length + sizeBytes + descriptor.length
  }
  if (start !== undefined) yield* start.directory
  let directoryBytes = start?.directoryBytes ?? 0
  for (const row of rows) {
    directoryBytes += row.length
    yield row
  }
  yield formatEnd((start?.entries ?? 0) + rows.length, offset, directoryBytes)
}
