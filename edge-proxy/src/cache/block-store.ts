/** A block as it is kept. */
export interface StoredBlock {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Of the bytes, base64: what keeps them may have changed them. */
  readonly sha256: string
}

/** Where blocks of objects are kept. Any of them may be gone at any time. */
export interface BlockStore {
  /** `undefined`: it is not there, or cannot be had. */
  find(key: string): Promise<StoredBlock | undefined> | StoredBlock | undefined
  keep(key: string, block: StoredBlock): Promise<void> | void
}
