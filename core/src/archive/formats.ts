import { AisError } from '../errors/ais-error.ts'

/** The formats of shards, by the extension that names them on the wire. `.tgz` and `.tar.gz` are one format. */
export type ArchiveFormat = '.tar' | '.tgz' | '.zip' | '.tar.lz4'

/** Extensions in the order they are looked for. */
const extensions: readonly (readonly [text: string, format: ArchiveFormat])[] = [
  ['.tar', '.tar'],
  ['.tgz', '.tgz'],
  ['.tar.gz', '.tgz'],
  ['.zip', '.zip'],
  ['.tar.lz4', '.tar.lz4'],
]

const contentTypes: Readonly<Record<ArchiveFormat, string>> = {
  '.tar': 'application/x-tar',
  '.tgz': 'application/gzip',
  '.zip': 'application/zip',
  '.tar.lz4': 'application/x-lz4',
}

/** Bytes at the start of a file that tell its format. */
const signatures: readonly {
  readonly at: number
  readonly bytes: readonly number[]
  readonly format: ArchiveFormat
}[] = [
  { at: 257, bytes: [0x75, 0x73, 0x74, 0x61, 0x72], format: '.tar' },
  { at: 0, bytes: [0x1f, 0x8b], format: '.tgz' },
  { at: 0, bytes: [0x50, 0x4b], format: '.zip' },
  { at: 0, bytes: [0x04, 0x22, 0x4d, 0x18], format: '.tar.lz4' },
]

/** Bytes of a file's start that `formatOfBytes` looks at. */
export const formatBytes = 512

/**
 * The format that `mime` names: an extension with or without its dot, or a media type that contains one.
 * @throws AisError `ErrBadRequest` none of them
 * @see AIStore cmn/archive/mime.go
 */
export function parseMime(mime: string): ArchiveFormat {
  const text = mime.toLowerCase()
  if (text.includes('tar.gz') || text.includes('gzip')) return '.tgz'
  if (text.includes('lz4')) return '.tar.lz4'
  const found = extensions.find(([extension]) => text.includes(extension.slice(1)))
  if (found !== undefined) return found[1]
  throw new AisError('ErrBadRequest', `unknown mime type "${mime.slice(0, 128)}"`)
}

/** The format that a name's extension tells, or `undefined`. */
export function formatOfName(name: string): ArchiveFormat | undefined {
  return extensions.find(([extension]) => name.endsWith(extension))?.[1]
}

/** The format that the first bytes of a file tell, or `undefined`. */
export function formatOfBytes(start: Uint8Array): ArchiveFormat | undefined {
  return signatures.find(({ at, bytes }) => bytes.every((byte, i) => start[at + i] === byte))
    ?.format
}

/** Media type of a whole archive. */
export function contentTypeOf(format: ArchiveFormat): string {
  return contentTypes[format]
}

/**
 * Takes `shard.tar/inner/path` apart. Without an extension that a slash follows, all of it is the shard.
 * @see AIStore cmn/archive/list.go
 */
export function splitAtExtension(path: string): { readonly shard: string; readonly inner: string } {
  for (const [extension] of extensions) {
    const at = path.indexOf(`${extension}/`)
    if (at < 0) continue
    const end = at + extension.length
    return { shard: path.slice(0, end), inner: path.slice(end + 1) }
  }
  return { shard: path, inner: '' }
}
