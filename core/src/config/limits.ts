const kib = 1024
const mib = 1024 * kib
const gib = 1024 * mib

/**
 * Every fixed limit of the public surface, each with its unit in its name. A limit that an operator may change
 * is a field of the configuration (`defaults.ts`) instead.
 */
export const limits = {
  /** Header block of a request, request line included. */
  headerBytesMax: 64 * kib,
  /** UTF-8 bytes of an object name. On-disk layout; upstream's file systems end near 4 KiB paths. */
  objectNameBytesMax: 3_000,
  /** UTF-8 bytes of an S3 key. S3 API, "Creating object key names". */
  s3KeyBytesMax: 1_024,
  /** Characters of a bucket or namespace name. AIStore cmn/cos MaxNameLength. */
  bucketNameLengthMax: 64,
  /** Characters of a namespace's uuid and name. AIStore cmn/bck.go. */
  namespaceLengthMax: 32,
  /** Bytes of keys and values of an object's custom metadata together. AIStore cmn/objattrs.go. */
  customMdBytesMax: 2 * kib,
  /** A JSON body. */
  jsonBytesMax: mib,
  /** A JSON body that lists names: get-batch, multi-object selectors. */
  nameListBytesMax: 64 * mib,
  /** A metadata document between nodes (BMD with very many buckets). */
  metadataBytesMax: 256 * mib,
  /** Query parameters of one request. AIStore, data path. */
  queryParamsMax: 100,
  /** Entries of one list-objects page, `ais://`. AIStore apc.MaxPageSizeAIS. */
  listPageEntriesMax: 10_000,
  /** Keys of one S3 list page. S3 API. */
  s3ListPageEntriesMax: 1_000,
  /** Keys of one S3 multi-delete. S3 API. */
  s3DeleteKeysMax: 1_000,
  /** Parts of a multipart upload. S3 API, AIStore. */
  partsMax: 10_000,
  /** Names a template may stand for. Upstream allows ten times as many. */
  templateNamesMax: 1_000_000,
  /** Entries of one get-batch request. */
  batchEntriesMax: 10_000,
  /** Body left unread on a redirect or an error, before the connection is closed instead. */
  drainBytesMax: 256 * kib,
  /** Time for a complete header block, ms. AIStore: 16 s. */
  headerTimeoutMs: 15_000,
  /** Slowest transfer that is kept, bytes per second over `bodyStallMs`. */
  bodyRateBytesMin: kib,
  bodyStallMs: 30_000,
  /** Idle keep-alive, ms. AIStore: 30 s. */
  keepAliveMs: 30_000,
  /** Connections a node accepts at once. */
  connectionsMax: 4_096,
  /** All read buffers of a process together. */
  readBudgetBytes: 64 * mib,
  readBytesMin: 64 * kib,
  readBytesMax: mib,
  /** SO_SNDBUF asked of a listening socket. */
  sendBufferBytes: 256 * kib,
  /** Largest object that travels inside an intent row at durability `disk`. */
  smallBodyBytesMax: 64 * kib,
  /** Largest single part or object chunk. AIStore chunks.chunk_size. */
  chunkBytesMax: 5 * gib,
} as const
