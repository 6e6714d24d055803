import { fromBase64, toBase64 } from '../../algorithms/base64.ts'
import {
  combineCrc,
  crc32,
  crc32c,
  crc64nvme,
  type ReflectedCrc,
} from '../../algorithms/crc-combine.ts'
import { fromHex } from '../../algorithms/hex.ts'
import type { Chunk } from '../../ports/mountpath.ts'
import type { Platform } from '../../ports/platform.ts'
import {
  type ChecksumAlgorithm,
  checksumAlgorithmNames,
  checksumAlgorithms,
  checksumElement,
  hexToBase64,
} from '../checksum-algorithms.ts'
import { S3Error } from '../s3-error.ts'
import { childrenOf, childText, type XmlElement } from '../xml-reader.ts'
import { partDigestOf } from './part-digest.ts'
import { unquoted } from './s3-etag.ts'
import type { UploadChecksum } from './upload-checksum.ts'

/** A part as the request for completion names it. */
export interface NamedPart {
  readonly partNumber: number
  readonly etag: string
  readonly checksums: readonly (readonly [ChecksumAlgorithm, string])[]
}

/** Smallest part but the last. S3 API. */
const partBytesMin = 5 * 1024 * 1024
const partsMax = 10_000

/** @throws S3Error `MalformedXML`, `InvalidPartOrder` */
export function parseParts(root: XmlElement): readonly NamedPart[] {
  const parts = childrenOf(root, 'Part').map((part): NamedPart => {
    const number = childText(part, 'PartNumber')?.trim() ?? ''
    const etag = childText(part, 'ETag')
    if (!/^\d{1,5}$/.test(number) || etag === undefined) throw new S3Error('MalformedXML')
    const checksums = checksumAlgorithmNames.flatMap((algorithm): [ChecksumAlgorithm, string][] => {
      const value = childText(part, checksumElement(algorithm))
      return value === undefined ? [] : [[algorithm, value]]
    })
    return { partNumber: Number(number), etag: unquoted(etag), checksums }
  })
  if (parts.length === 0 || parts.length > partsMax) throw new S3Error('MalformedXML')
  let last = 0
  for (const { partNumber } of parts) {
    if (partNumber < last) throw new S3Error('InvalidPartOrder')
    last = partNumber
  }
  // A part that was sent again may be named again: the last time counts.
  return parts.filter(({ partNumber }, at) => parts[at + 1]?.partNumber !== partNumber)
}

/**
 * The stored parts that were named, each as it was named, and none too small.
 * @throws S3Error `InvalidPart`, `EntityTooSmall`
 */
export function chooseParts(
  named: readonly NamedPart[],
  have: readonly Chunk[],
  anySize: boolean,
): readonly Chunk[] {
  const known = new Map(have.map((chunk) => [chunk.partNumber, chunk]))
  const chosen = named.map(({ partNumber, etag, checksums }) => {
    const chunk = known.get(partNumber)
    const digest = chunk === undefined ? undefined : partDigestOf(chunk)
    const stored = digest?.checksum
    const fits =
      digest?.md5 === etag.toLowerCase() &&
      checksums.every(
        ([algorithm, value]) => stored?.algorithm !== algorithm || stored.value === value,
      )
    if (chunk === undefined || !fits) {
      throw new S3Error('InvalidPart', {
        fields: [
          ['PartNumber', String(partNumber)],
          ['ETag', etag],
        ],
      })
    }
    return chunk
  })
  const small = anySize
    ? undefined
    : chosen.slice(0, -1).find((chunk) => chunk.sizeBytes < partBytesMin)
  if (small !== undefined) {
    throw new S3Error('EntityTooSmall', {
      fields: [
        ['PartNumber', String(small.partNumber)],
        ['ProposedSize', String(small.sizeBytes)],
        ['MinSizeAllowed', String(partBytesMin)],
      ],
    })
  }
  return chosen
}

/** Amazon's tag of an object made of parts: the MD5 of their MD5s, and their number. */
export function compositeEtag(platform: Platform, chunks: readonly Chunk[]): string {
  const hasher = platform.createHasher('md5')
  for (const chunk of chunks) hasher.update(fromHex(partDigestOf(chunk).md5) ?? new Uint8Array())
  return `${hasher.digestHex()}-${chunks.length}`
}

const crcs: Readonly<Partial<Record<ChecksumAlgorithm, ReflectedCrc>>> = {
  CRC32: crc32,
  CRC32C: crc32c,
  CRC64NVME: crc64nvme,
}

function bigintOf(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

/** The checksum of the object, from those of its parts; nothing of them is read again. @throws S3Error `InvalidPart` one has none */
export function objectChecksum(
  platform: Platform,
  { algorithm, type }: UploadChecksum,
  chunks: readonly Chunk[],
): string {
  const parts = chunks.map((chunk) => {
    const { checksum } = partDigestOf(chunk)
    const raw = checksum?.algorithm === algorithm ? fromBase64(checksum.value) : undefined
    if (raw === undefined) {
      throw new S3Error('InvalidPart', { fields: [['PartNumber', String(chunk.partNumber)]] })
    }
    return { raw, bytes: chunk.sizeBytes }
  })
  const crc = crcs[algorithm]
  if (type === 'FULL_OBJECT' && crc !== undefined) {
    const value = combineCrc(
      crc,
      parts.map(({ raw, bytes }) => ({ value: bigintOf(raw), bytes })),
    )
    return hexToBase64(value.toString(16).padStart(crc.bits / 4, '0'))
  }
  const hasher = platform.createHasher(checksumAlgorithms[algorithm].hash)
  for (const { raw } of parts) hasher.update(raw)
  return `${toBase64(fromHex(hasher.digestHex()) ?? new Uint8Array())}-${parts.length}`
}
