import { fromBase64 } from '../../algorithms/base64.ts'
import { toHex } from '../../algorithms/hex.ts'
import type { Checksum, HashType } from '../../object/checksum.ts'
import type { HeaderBlock } from '../../ports/call.ts'
import type { Hasher, Platform } from '../../ports/platform.ts'
import type { Trailers } from '../auth/aws-chunked.ts'
import type { PayloadRule } from '../auth/payload-rule.ts'
import {
  type ChecksumAlgorithm,
  checkChecksumValue,
  checksumAlgorithmNames,
  checksumAlgorithms,
  checksumHeader,
  hexToBase64,
  parseAlgorithm,
  type S3Checksum,
  statedChecksum,
} from '../checksum-algorithms.ts'
import { S3Error } from '../s3-error.ts'

/** What a call states of its body. */
export interface StatedDigests {
  /** Lower-case hex. */
  readonly md5: string | undefined
  readonly sha256: string | undefined
  readonly checksum: S3Checksum | undefined
  /** Algorithm of a checksum that comes behind the body, or that is wanted without being stated. */
  readonly algorithm: ChecksumAlgorithm | undefined
  readonly inTrailer: boolean
}

function contentMd5(headers: HeaderBlock): string | undefined {
  const text = headers.get('content-md5')
  if (text === undefined) return undefined
  const bytes = fromBase64(text)
  if (bytes?.length !== 16) throw new S3Error('InvalidDigest')
  return toHex(bytes)
}

function trailingAlgorithm(headers: HeaderBlock): ChecksumAlgorithm | undefined {
  const names = headers
    .all('x-amz-trailer')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim().toLowerCase())
  return checksumAlgorithmNames.find((name) => names.includes(checksumHeader(name)))
}

/**
 * @param wanted an algorithm that is computed whether or not the client states a value: that of its upload
 * @throws S3Error `InvalidDigest`, `InvalidRequest`
 */
export function statedDigests(
  headers: HeaderBlock,
  payload: PayloadRule,
  wanted?: ChecksumAlgorithm,
): StatedDigests {
  const checksum = statedChecksum(headers)
  const trailing = trailingAlgorithm(headers)
  if (checksum !== undefined && trailing !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Expecting a single x-amz-checksum- header or trailer.',
    })
  }
  const named = headers.get('x-amz-sdk-checksum-algorithm')
  if (named !== undefined && checksum === undefined && trailing === undefined) {
    parseAlgorithm(named, 'x-amz-sdk-checksum-algorithm')
    throw new S3Error('InvalidRequest', {
      message:
        'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    })
  }
  return {
    md5: contentMd5(headers),
    sha256: payload.kind === 'sha256' ? payload.hex : undefined,
    checksum,
    algorithm: checksum?.algorithm ?? trailing ?? wanted,
    inTrailer: trailing !== undefined,
  }
}

/** What a body turned out to be. */
export interface BodyDigests {
  /** The bucket's own checksum, for the row. */
  readonly checksum: Checksum
  /** Lower-case hex: the ETag. */
  readonly md5: string
  readonly stated: S3Checksum | undefined
}

/** Hashes a body once for all that is asked of it. */
export interface BodyHasher {
  update(piece: Uint8Array): void
  /** @throws S3Error `BadDigest`, `XAmzContentSHA256Mismatch` when the body is not what was stated */
  finish(trailers: Trailers): BodyDigests
}

/** @param own checksum type of the bucket */
export function createBodyHasher(
  platform: Pick<Platform, 'createHasher'>,
  own: Checksum['type'],
  expected: StatedDigests,
): BodyHasher {
  const { algorithm } = expected
  const hashers = new Map<HashType, Hasher>()
  const use = (type: HashType): void => {
    const key = plain(type)
    if (!hashers.has(key)) hashers.set(key, platform.createHasher(key))
  }
  use('md5')
  if (own !== 'none') use(own)
  if (expected.sha256 !== undefined) use('sha256')
  if (algorithm !== undefined) use(checksumAlgorithms[algorithm].hash)
  const running = [...hashers.values()]
  return {
    update(piece) {
      for (const hasher of running) hasher.update(piece)
    },
    finish(trailers) {
      const values = new Map([...hashers].map(([type, hasher]) => [type, hasher.digestHex()]))
      const digestOf = (type: HashType) => values.get(plain(type)) ?? ''
      const md5 = digestOf('md5')
      if (expected.md5 !== undefined && expected.md5 !== md5) throw new S3Error('BadDigest')
      if (expected.sha256 !== undefined && expected.sha256 !== digestOf('sha256')) {
        throw new S3Error('XAmzContentSHA256Mismatch', {
          fields: [
            ['ClientComputedContentSHA256', expected.sha256],
            ['S3ComputedContentSHA256', digestOf('sha256')],
          ],
        })
      }
      return {
        md5,
        checksum: own === 'none' ? { type: own, value: '' } : { type: own, value: digestOf(own) },
        stated: algorithm === undefined ? undefined : checkStated(algorithm, trailers, digestOf),
      }
    },
  }

  function checkStated(
    algorithm: ChecksumAlgorithm,
    trailers: Trailers,
    digestOf: (type: HashType) => string,
  ): S3Checksum {
    const actual = hexToBase64(digestOf(checksumAlgorithms[algorithm].hash))
    const trailing = trailers.find(([name]) => name === checksumHeader(algorithm))?.[1]
    const stated = expected.checksum?.value ?? (expected.inTrailer ? trailing : undefined)
    if (stated !== undefined) {
      checkChecksumValue({ algorithm, value: stated })
      if (stated !== actual) {
        throw new S3Error('BadDigest', {
          message: `The ${algorithm} you specified did not match the calculated checksum.`,
        })
      }
    }
    return { algorithm, value: actual }
  }
}

/** `xxhash` and `xxhash2` are one function under two labels. */
function plain(type: HashType): HashType {
  return type === 'xxhash2' ? 'xxhash' : type
}
