/** Header names as they leave us, spelled as upstream spells them. What arrived is looked up in lower case. */
export const header = {
  // objects
  checksumType: 'Ais-Checksum-Type',
  checksumValue: 'Ais-Checksum-Value',
  atime: 'Ais-Atime',
  version: 'Ais-Version',
  customMd: 'Ais-Custom-Md',
  appendHandle: 'Ais-Append-Handle',
  archiveFlags: 'Ais-Pine',
  bucketName: 'Ais-Bucket-Name',
  bucketProvider: 'Ais-Bucket-Provider',
  bucketNamespaceUuid: 'Ais-Bucket-Namespace-Uuid',
  bucketNamespaceName: 'Ais-Bucket-Namespace-Name',
  name: 'Ais-Name',
  location: 'Ais-Location',
  present: 'Ais-Present',
  mirrorPaths: 'Ais-Mirror-Paths',
  mirrorCopies: 'Ais-Mirror-Copies',
  ecGeneration: 'Ais-Ec-Generation',
  ecData: 'Ais-Ec-Data',
  ecParity: 'Ais-Ec-Parity',
  ecReplicated: 'Ais-Ec-Replicated',
  chunksCount: 'Ais-Chunks-Count',
  chunksMaxSize: 'Ais-Chunks-Max-Chunk-Size',
  // buckets
  bucketProps: 'Ais-Bucket-Props',
  bucketSummary: 'Ais-Bucket-Summ',
  bucketInventory: 'Ais-Bucket-Inventory',
  inventoryName: 'Ais-Inv-Name',
  provider: 'Ais-Provider',
  versioningEnabled: 'Ais-Versioning-Enabled',
  remoteAlias: 'Ais-Remote-Ais-Alias',
  remoteUrl: 'Ais-Remote-Ais-Url',
  // blob download
  blobDownload: 'Ais-Blob-Download',
  blobChunk: 'Ais-Blob-Chunk',
  blobWorkers: 'Ais-Blob-Workers',
  // nodes
  nodeId: 'Ais-Node-Id',
  nodeUrl: 'Ais-Node-Url',
  nodeFlags: 'Ais-Node-Flags',
  nodeVersion: 'Ais-Node-Version',
  nodeUptime: 'Ais-Node-Uptime',
  clusterUptime: 'Ais-Cluster-Uptime',
  callerId: 'Ais-Caller-Id',
  callerName: 'Ais-Caller-Name',
  callerIsPrimary: 'Ais-Caller-Is-Primary',
  callerSmapVersion: 'Ais-Caller-Smap-Ver',
  readyToJoin: 'Ais-Ready-Join-Clu',
  xactionId: 'Ais-Xaction-Id',
  sessionId: 'Ais-Session-Id',
  /** The error envelope of a HEAD reply, which has no body. */
  error: 'Hdr-Error',
  // HTTP
  acceptRanges: 'Accept-Ranges',
  allow: 'Allow',
  cacheControl: 'Cache-Control',
  contentLength: 'Content-Length',
  contentRange: 'Content-Range',
  contentType: 'Content-Type',
  contentTypeOptions: 'X-Content-Type-Options',
  etag: 'ETag',
  lastModified: 'Last-Modified',
  redirect: 'Location',
  methodOverride: 'X-HTTP-Method-Override',
} as const

/** Prefix, in lower case, of headers only nodes may send: the public listener refuses them. */
export const callerHeaderPrefix = 'ais-caller-'

/** Media types as upstream states them: clients compare some with `===`. */
export const contentType = {
  json: 'application/json; charset=utf-8',
  error: 'application/json',
  msgpack: 'application/msgpack',
  octets: 'application/octet-stream',
  text: 'text/plain; charset=utf-8',
  tar: 'application/x-tar',
} as const

/** `true` when an `Accept` value names `application/msgpack`, whatever its parameters. */
export function acceptsMsgpack(accept: string | undefined): boolean {
  if (accept === undefined) return false
  return accept
    .split(',')
    .some((part) => part.split(';', 1)[0]?.trim().toLowerCase() === contentType.msgpack)
}
