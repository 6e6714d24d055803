import type { HeaderBlock } from '../ports/call.ts'
import { S3Error } from './s3-error.ts'

/** Headers whose meaning is heeded, or that ask for nothing. */
const known: ReadonlySet<string> = new Set([
  // of the signature and the payload
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-security-token',
  'x-amz-trailer',
  'x-amz-user-agent',
  // checksums
  'x-amz-checksum-algorithm',
  'x-amz-checksum-crc32',
  'x-amz-checksum-crc32c',
  'x-amz-checksum-crc64nvme',
  'x-amz-checksum-md5',
  'x-amz-checksum-mode',
  'x-amz-checksum-sha1',
  'x-amz-checksum-sha256',
  'x-amz-checksum-sha512',
  'x-amz-checksum-type',
  'x-amz-checksum-xxhash128',
  'x-amz-checksum-xxhash3',
  'x-amz-checksum-xxhash64',
  'x-amz-sdk-checksum-algorithm',
  // objects
  'x-amz-copy-source',
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-unmodified-since',
  'x-amz-copy-source-range',
  'x-amz-max-parts',
  'x-amz-metadata-directive',
  'x-amz-mp-object-size',
  'x-amz-object-attributes',
  'x-amz-part-number-marker',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-tagging',
  'x-amz-tagging-directive',
  // who may do what
  'x-amz-acl',
  'x-amz-confirm-remove-self-bucket-access',
  'x-amz-expected-bucket-owner',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
  'x-amz-object-ownership',
  'x-amz-source-expected-bucket-owner',
  // what the version of the model is: there is one
  'x-amz-api-version',
  // asks for more elements where there are some; who pays is nobody's concern here
  'x-amz-optional-object-attributes',
  'x-amz-request-payer',
  'x-amz-te',
  'x-amz-bypass-governance-retention',
])

/** Headers whose values that are listed are what this store does anyway; any other asks for what it does not do. */
const usual: Readonly<Record<string, readonly string[]>> = {
  'x-amz-bucket-object-lock-enabled': ['false', 'true', 'False', 'True'],
  'x-amz-storage-class': ['STANDARD'],
}

function isHeeded(name: string, value: string): boolean {
  if (known.has(name) || name.startsWith('x-amz-meta-')) return true
  // Facts of the client's run: which attempt it is, and of how many.
  if (name.startsWith('x-amz-sdk-')) return true
  return usual[name]?.includes(value) ?? false
}

/**
 * Refuses what a header asks for and nobody would do: encryption, storage classes.
 * @throws S3Error `NotImplemented` naming the header
 */
export function checkAmzHeaders(headers: HeaderBlock): void {
  for (const [name, value] of headers.lines()) {
    if (!name.startsWith('x-amz-') || isHeeded(name, value)) continue
    throw new S3Error('NotImplemented', {
      message: `The header "${name}" is not implemented${name in usual ? ' with this value' : ''}.`,
      fields: [['Header', name]],
    })
  }
}
