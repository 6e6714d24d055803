import type { ListEntry, ListPage } from '../object/list-entry.ts'
import { MsgpackReader } from './msgpack-reader.ts'
import { MsgpackWriter } from './msgpack-writer.ts'

/** About what an entry of a name and a size takes, bytes. */
const entryBytes = 48

/** UUID, token, the keys around the entries: seldom more, bytes. */
export const pageFrameBytes = 1_024

/**
 * A listing page as upstream's encoder writes it, byte for byte: its keys, their order, its integer widths.
 * Empty fields of an entry are left out, `n` never is. @see AIStore cmn/objlist_gen.go
 */
export function encodeListPage(page: ListPage): Uint8Array {
  const out = new MsgpackWriter(pageFrameBytes + page.entries.length * entryBytes)
  out.map(4)
  out.str('UUID')
  out.str(page.uuid)
  out.str('ContinuationToken')
  out.str(page.token)
  out.str('Entries')
  out.array(page.entries.length)
  for (const entry of page.entries) writeEntry(out, entry)
  out.str('Flags')
  out.uint(page.flags)
  return out.finish()
}

function writeEntry(out: MsgpackWriter, entry: ListEntry): void {
  const { checksum, atime, version, location, custom, sizeBytes, copies, flags } = entry
  let members = 1
  if (checksum) members++
  if (atime) members++
  if (version) members++
  if (location) members++
  if (custom) members++
  if (sizeBytes) members++
  if (copies) members++
  if (flags) members++
  out.map(members)
  out.str('n')
  out.str(entry.name)
  writeText(out, 'cs', checksum)
  writeText(out, 'a', atime)
  writeText(out, 'v', version)
  writeText(out, 't', location)
  writeText(out, 'm', custom)
  if (sizeBytes) {
    out.str('s')
    out.int(sizeBytes)
  }
  if (copies) {
    out.str('c')
    out.int(copies)
  }
  if (flags) {
    out.str('f')
    out.uint(flags)
  }
}

function writeText(out: MsgpackWriter, key: string, value: string | undefined): void {
  if (!value) return
  out.str(key)
  out.str(value)
}

/**
 * Reads a listing page, keys in any order, unknown ones skipped.
 * @throws AisError `ErrBadRequest` bytes that are none
 */
export function decodeListPage(bytes: Uint8Array): ListPage {
  const reader = new MsgpackReader(bytes)
  let uuid = ''
  let token = ''
  let flags = 0
  let entries: ListEntry[] = []
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.str()) {
      case 'UUID':
        uuid = reader.str()
        break
      case 'ContinuationToken':
        token = reader.str()
        break
      case 'Flags':
        flags = reader.int()
        break
      case 'Entries':
        entries = []
        for (let items = reader.array(); items > 0; items--) entries.push(readListEntry(reader))
        break
      default:
        reader.skip()
    }
  }
  reader.end()
  return { uuid, token, entries, flags }
}

/** One entry, keys in any order, unknown ones skipped. @throws AisError `ErrBadRequest` */
export function readListEntry(reader: MsgpackReader): ListEntry {
  const entry: { -readonly [K in keyof ListEntry]: ListEntry[K] } = { name: '', flags: 0 }
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.str()) {
      case 'n':
        entry.name = reader.str()
        break
      case 'cs':
        entry.checksum = reader.str()
        break
      case 'a':
        entry.atime = reader.str()
        break
      case 'v':
        entry.version = reader.str()
        break
      case 't':
        entry.location = reader.str()
        break
      case 'm':
        entry.custom = reader.str()
        break
      case 's':
        entry.sizeBytes = reader.int()
        break
      case 'c':
        entry.copies = reader.int()
        break
      case 'f':
        entry.flags = reader.int()
        break
      default:
        reader.skip()
    }
  }
  return entry
}
