import type { ChecksumType } from '@aistore-ts/core/object/checksum.ts'
import { isChecksumType } from '@aistore-ts/core/object/checksum.ts'
import type { Chunk, ObjectMeta } from '@aistore-ts/core/ports/mountpath.ts'
import {
  bytesOf,
  decodeHex,
  encodeHex,
  numberOf,
  type SqliteRow,
  textOf,
  timeNs,
} from './encoding.ts'

/** One row of `object`: what a mountpath knows of one object, and where its bytes lie. */
export interface ObjectRow {
  readonly sizeBytes: number
  readonly checksumType: ChecksumType
  readonly checksumValue: string
  readonly version: string
  readonly atimeNs: bigint
  readonly mtimeNs: bigint
  /** 32 hex digits. */
  readonly generation: string
  /** Of the object's file; 0 when it has none. */
  readonly inode: number
  /** The file lies in the escaped folder. */
  readonly escaped: boolean
  /** The upload whose parts are the content; empty when it is one file. */
  readonly upload: string
  /** JSON list of pairs; empty when there are none. */
  readonly custom: string
  /** Number of the list of its block checksums; 0 when it has none. */
  readonly blocks: number
  /** The scrub found that the file is not what the row says: it is not served until it is written anew. */
  readonly damaged: boolean
  /** Number of the body in the catalog that is its content, while it has no file; 0 otherwise. */
  readonly body: number
}

/** Reads a row of a statement that selects every column of `object`. */
export function decodeObjectRow(row: SqliteRow): ObjectRow {
  return {
    sizeBytes: numberOf(row, 'size'),
    checksumType: checksumTypeOf(row),
    checksumValue: textOf(row, 'checksum_value'),
    version: textOf(row, 'version'),
    atimeNs: timeNs(numberOf(row, 'atime_us'), numberOf(row, 'atime_ns')),
    mtimeNs: timeNs(numberOf(row, 'mtime_us'), numberOf(row, 'mtime_ns')),
    generation: encodeHex(bytesOf(row, 'generation')),
    inode: numberOf(row, 'inode'),
    escaped: numberOf(row, 'escaped') === 1,
    upload: textOf(row, 'upload'),
    custom: textOf(row, 'custom'),
    blocks: numberOf(row, 'blocks'),
    damaged: numberOf(row, 'damaged') === 1,
    body: numberOf(row, 'body'),
  }
}

export function checksumTypeOf(row: SqliteRow): ChecksumType {
  const type = textOf(row, 'checksum_type')
  if (!isChecksumType(type)) throw new Error(`catalog holds checksum type ${type}`)
  return type
}

/** The row as the port shows it. */
export function objectMeta(
  name: string,
  row: ObjectRow,
  chunks: readonly Chunk[] | undefined,
): ObjectMeta {
  const meta = {
    name,
    sizeBytes: row.sizeBytes,
    checksum: { type: row.checksumType, value: row.checksumValue },
    version: row.version,
    atimeNs: row.atimeNs,
    mtimeNs: row.mtimeNs,
    custom: decodeCustom(row.custom),
    generation: row.generation,
  }
  return chunks === undefined ? meta : { ...meta, chunks }
}

export function encodeCustom(pairs: readonly (readonly [key: string, value: string])[]): string {
  return pairs.length === 0 ? '' : JSON.stringify(pairs)
}

export function decodeCustom(text: string): readonly (readonly [key: string, value: string])[] {
  if (text === '') return []
  const pairs: unknown = JSON.parse(text)
  if (!Array.isArray(pairs)) throw new Error('catalog column custom holds no list')
  return pairs.map((pair: unknown) => {
    if (!Array.isArray(pair)) throw new Error('catalog column custom holds no pairs')
    return [String(pair[0]), String(pair[1])] as const
  })
}

/** A row inside an intent: what to go back to when the newer content did not survive. */
export function encodeSuperseded(row: ObjectRow | undefined): string | null {
  if (row === undefined) return null
  // By hand: a copy of the row and `JSON.stringify` took three times as long, in every overwrite.
  const { sizeBytes, checksumType, checksumValue, version, atimeNs, mtimeNs, generation } = row
  const { inode, escaped, upload, custom, blocks, damaged, body } = row
  return (
    `{"sizeBytes":${sizeBytes},"checksumType":"${checksumType}",` +
    `"checksumValue":${quoted(checksumValue)},"version":${quoted(version)},"atimeNs":"${atimeNs}","mtimeNs":"${mtimeNs}",` +
    `"generation":"${generation}","inode":${inode},"escaped":${escaped},` +
    `"upload":${quoted(upload)},"custom":${quoted(custom)},"blocks":${blocks},` +
    `"damaged":${damaged},"body":${body}}`
  )
}

function quoted(text: string): string {
  return text === '' ? '""' : JSON.stringify(text)
}

/** Inverse of `encodeSuperseded`. */
export function decodeSuperseded(text: string | null): ObjectRow | undefined {
  if (text === null) return undefined
  const row: ObjectRow & { atimeNs: string; mtimeNs: string } = JSON.parse(text)
  const { atimeNs, mtimeNs } = row
  // Rows of older programs say nothing of blocks, damage and bodies.
  const before = { blocks: 0, damaged: false, body: 0 }
  return { ...before, ...row, atimeNs: BigInt(atimeNs), mtimeNs: BigInt(mtimeNs) }
}

export function generationBytes(row: ObjectRow): Uint8Array {
  return decodeHex(row.generation)
}
