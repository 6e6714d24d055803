/** Names of the feature bits, lowest first. @see AIStore cmn/feat/feat.go */
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

export function formatFeatures(mask: string): string {
  const bits = BigInt(mask)
  const names = featureNames.filter((_, bit) => (bits >> BigInt(bit)) & 1n)
  return names.length === 0 ? 'none' : names.join(',')
}

/** Reads names with commas or blanks between, `none`, or a number; `undefined` when it is none of these. */
export function parseFeatures(text: string): string | undefined {
  if (/^\d+$/.test(text)) return text
  if (text === 'none' || text === '') return '0'
  let mask = 0n
  for (const word of text.split(/[\s,]+/)) {
    const bit = featureNames.findIndex((name) => name.toLowerCase() === word.toLowerCase())
    if (bit < 0) return undefined
    mask |= 1n << BigInt(bit)
  }
  return String(mask)
}
