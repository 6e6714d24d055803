/** How long an edge gateway goes on with the map it has when it can get no newer one, ms. */
export const edgeMapAgeMaxMs = 3_600_000

/** After this an edge gateway asks for a newer map, ms. */
export const edgeMapRefreshMs = 10_000

/** Longest that an edge gateway waits for its map, ms. */
export const edgeMapTimeoutMs = 5_000

/** Outbound connections of one request. Platforms refuse more. */
export const edgeConnectionsMax = 6

/** Bytes of a map document. */
export const edgeMapBytesMax = 16 * 1024 * 1024

/** How long what an edge gateway knows of users and their keys is good for: a key that is taken away counts no longer, ms. */
export const edgeCredentialsAgeMaxMs = 60_000

/** After this an edge gateway asks for newer credentials, ms. */
export const edgeCredentialsRefreshMs = 10_000

/** Bytes of a credentials document. */
export const edgeCredentialsBytesMax = 32 * 1024 * 1024

/** Days before today that a date key is given for: presigned URLs live that long. */
export const edgeDateKeyDays = 7

/** Of an object, kept and checked as one by an edge gateway's cache. */
export const edgeBlockBytes = 1_048_576

/** Answers of more bytes go past an edge gateway's cache: platforms count look-ups, and larger objects would push all others out. */
export const edgeCachedAnswerBytesMax = 64 * edgeBlockBytes

/** Objects whose newest generation an edge gateway remembers: what is not among them is asked for as if never seen. */
export const edgeKnownVersionsMax = 10_000

/** Blocks that an edge gateway keeps in memory where its platform has no cache, bytes. */
export const edgeCacheBytesDefault = 32 * edgeBlockBytes
