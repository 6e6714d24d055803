/** One line of a listing, as it travels. Absent fields are left out of the reply. @see AIStore cmn/objlist.go */
export interface ListEntry {
  readonly name: string
  readonly sizeBytes?: number | undefined
  readonly checksum?: string | undefined
  readonly atime?: string | undefined
  readonly version?: string | undefined
  readonly location?: string | undefined
  readonly custom?: string | undefined
  readonly copies?: number | undefined
  /**
   * For S3, between nodes only: entity tag without quotes, Unix ns, names of the checksums it keeps, canonical ID of an
   * owner that is not the bucket's.
   */
  readonly etag?: string | undefined
  readonly mtimeNs?: string | undefined
  readonly sums?: string | undefined
  readonly owner?: string | undefined
  /** Entry flags: status in bits 0-4, 64 cached, 256 directory, 8192 chunked. */
  readonly flags: number
}

/** One page. `token` is the greatest name consumed, empty when the listing is at its end. */
export interface ListPage {
  readonly uuid: string
  readonly token: string
  readonly entries: readonly ListEntry[]
  readonly flags: number
}
