/** What is done to a stream of bytes. `gunzip` reads every member of a gzip file, one behind the other. */
export type CompressionKind = 'gzip' | 'gunzip' | 'inflate-raw'

/** The runtime's own DEFLATE: pure JavaScript is ten times slower. */
export interface Compression {
  /**
   * The result of `kind` over `chunks`, pulled as it is read; leaving the loop ends both. `gzip` takes the fastest level, as
   * upstream. @throws Error malformed or cut input
   */
  transform(kind: CompressionKind, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
}
