import { AisError } from '../errors/ais-error.ts'

/** Feature flags in bit order: name i is mask `1 << i`. @see AIStore cmn/feat/feat.go */
export const featureNames = [
  'Enforce-IntraCluster-Access',
  'Skip-Loading-VersionChecksum-MD',
  'Do-not-Auto-Detect-FileShare',
  'S3-API-via-Root',
  'Fsync-PUT',
  'LZ4-Block-1MB',
  'LZ4-Frame-Checksum',
  'Do-not-Allow-Passing-FQN-to-ETL',
  'Ignore-LimitedCoexistence-Conflicts',
  'S3-Presigned-Request',
  'Do-not-Optimize-Listing-Virtual-Dirs',
  'Disable-Cold-GET',
  'Streaming-Cold-GET',
  'S3-Reverse-Proxy',
  'S3-Use-Path-Style',
  'Do-not-Delete-When-Rebalancing',
  'Do-not-Set-Control-Plane-ToS',
  'Trust-Crypto-Safe-Checksums',
  'S3-ListObjectVersions',
  'Enable-Detailed-Prom-Metrics',
  'Force-Container-CPU-Mem',
  'Resume-Interrupted-MPU',
  'Keep-Unknown-FQN',
  'Load-Balance-GET',
  'Count-Object-NotFound-Stats',
  'Enable-Go-Runtime-Metrics',
  'Dload-Allow-Private-Egress',
  'S3-Redirect-Rebuild',
] as const

export type Feature = (typeof featureNames)[number]

/** Flags that a bucket may carry; its `features` keeps no others. */
export const bucketFeatures: readonly Feature[] = [
  'Skip-Loading-VersionChecksum-MD',
  'Fsync-PUT',
  'S3-Presigned-Request',
  'Disable-Cold-GET',
  'Streaming-Cold-GET',
  'S3-Use-Path-Style',
  'S3-ListObjectVersions',
  'Resume-Interrupted-MPU',
  'Count-Object-NotFound-Stats',
]

const exclusive: readonly (readonly [Feature, Feature])[] = [
  ['Disable-Cold-GET', 'Streaming-Cold-GET'],
  ['S3-Reverse-Proxy', 'S3-Redirect-Rebuild'],
]

export function featureBit(name: Feature): bigint {
  return 1n << BigInt(featureNames.indexOf(name))
}

export function hasFeature(mask: bigint, name: Feature): boolean {
  return (mask & featureBit(name)) !== 0n
}

/** Mask of the flags a bucket may carry. */
export const bucketFeatureMask: bigint = featureMask(bucketFeatures)

/** @throws AisError `ErrBadRequest` for a name that is no flag */
export function featureMask(names: readonly string[]): bigint {
  let mask = 0n
  for (const name of names) {
    const bit = (featureNames as readonly string[]).indexOf(name)
    if (bit < 0) throw new AisError('ErrBadRequest', `unknown feature flag "${name}"`)
    mask |= 1n << BigInt(bit)
  }
  return mask
}

/** Names of the flags set in `mask`, in bit order. */
export function featuresOf(mask: bigint): Feature[] {
  return featureNames.filter((name) => hasFeature(mask, name))
}

/**
 * Flags as a command gives them: a decimal mask, names separated by commas, or `none`.
 * @throws AisError `ErrBadRequest` naming the flag
 */
export function parseFeatures(text: string): bigint {
  if (text === '' || text === 'none') return 0n
  if (/^[0-9]{1,20}$/.test(text)) return checkFeatures(BigInt(text))
  return checkFeatures(featureMask(text.split(',').map((name) => name.trim())))
}

/** @throws AisError `ErrBadRequest` two flags that exclude each other, or a bit that is no flag */
export function checkFeatures(mask: bigint): bigint {
  if (mask >> BigInt(featureNames.length) !== 0n) {
    throw new AisError('ErrBadRequest', `invalid feature flags ${mask}: unknown bits`)
  }
  for (const [a, b] of exclusive) {
    if (hasFeature(mask, a) && hasFeature(mask, b)) {
      throw new AisError('ErrBadRequest', `feature flags "${a}" and "${b}" are mutually exclusive`)
    }
  }
  return mask
}
