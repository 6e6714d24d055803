/** Disk access as the storage driver needs it; filled in by the storage driver's owner. */
export interface FileSystem {
  readonly separator: '/'
}
