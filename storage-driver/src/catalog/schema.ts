/** Tables of the newest catalog, as kysely sees them. `docs/on-disk-layout.md` explains every column. */
export interface CatalogSchema {
  setting: { key: string; value: string }
  bucket: {
    bid: Uint8Array
    provider: string
    ns_uuid: string
    ns_name: string
    name: string
  }
  purge: { bid: Uint8Array }
  object: {
    bid: Uint8Array
    name: string
    size: number
    checksum_type: string
    checksum_value: string
    version: string
    atime_us: number
    atime_ns: number
    mtime_us: number
    mtime_ns: number
    generation: Uint8Array
    inode: number
    escaped: number
    upload: string
    custom: string
    blocks: number
    damaged: number
    body: number
  }
  inline_body: {
    seq: number
    bid: Uint8Array
    name: string
    superseded: string | null
    bytes: Uint8Array
  }
  tombstone: { bid: Uint8Array; name: string; generation: Uint8Array; at: number }
  shard_index: { bid: Uint8Array; name: string; generation: Uint8Array; bytes: Uint8Array }
  block_sum: { id: number; bid: Uint8Array; sums: Uint8Array }
  intent: {
    seq: number
    bid: Uint8Array
    name: string
    kind: string
    source: string
    target: string
    synced: number
    size: number
    inode: number
    mtime_us: number
    mtime_ns: number
    superseded: string | null
  }
  append: { bid: Uint8Array; name: string; id: string; work: string; size: number }
  upload: {
    bid: Uint8Array
    id: string
    name: string
    created_us: number
    created_ns: number
    custom: string
  }
  part: {
    bid: Uint8Array
    upload: string
    number: number
    file: string
    size: number
    checksum_type: string
    checksum_value: string
    md5: string
    blocks: number
  }
}
