/** What a path or descriptor is. Times are exact; `inode` is the low 53 bits, fit for comparing only. */
export interface FileStat {
  readonly kind: 'file' | 'directory' | 'other'
  readonly sizeBytes: number
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
  readonly inode: number
  readonly deviceMajor: number
  readonly deviceMinor: number
}

export interface DirectoryEntry {
  readonly name: string
  readonly kind: FileStat['kind']
}

export interface FileSystemStats {
  readonly totalBytes: bigint
  /** Free to unprivileged users. */
  readonly availableBytes: bigint
  readonly freeBytes: bigint
}

/** How to open: `create` fails when the file exists; `read` and `update` never follow a final symlink. */
export type OpenMode = 'read' | 'update' | 'create' | 'directory'

/**
 * Disk access as the storage driver needs it. Paths are absolute, `/`-separated. Every failure is an `Error` with
 * the POSIX name in `code` (`ENOENT`, `ENOSPC`, ...): what the caller decides by. The synchronous half is for small
 * files, where a trip through a thread pool costs more than the call.
 */
export interface FileSystem {
  readonly separator: '/'

  /** Descriptor. */
  openSync(path: string, mode: OpenMode): number
  closeSync(fd: number): void
  /** Writes all of `bytes` at `position`. */
  writeSync(fd: number, bytes: Uint8Array, position: number): void
  /** Bytes read; 0 at the end. */
  readSync(fd: number, into: Uint8Array, position: number): number
  fstatSync(fd: number): FileStat
  /** `undefined` when nothing is there. Symlinks are not followed. */
  lstatSync(path: string): FileStat | undefined
  renameSync(from: string, to: string): void
  /** `false` when nothing was there. */
  unlinkSync(path: string): boolean
  /** One level; `false` when a directory was there. @throws `EEXIST` when something else is */
  mkdirSync(path: string): boolean
  /** `false` when it is absent or not empty. */
  rmdirSync(path: string): boolean
  truncateSync(fd: number, sizeBytes: number): void
  /** Sets the time of the last content change, as exactly as runtime and file system can. */
  setMtimeSync(fd: number, mtimeNs: bigint): void

  /** Writes all of `bytes` at `position`; they must not change until it resolves. */
  write(fd: number, bytes: Uint8Array, position: number): Promise<void>
  read(fd: number, into: Uint8Array, position: number): Promise<number>
  /** Contents and metadata of `fd` reach the disk. A failure is final: never call it again on this descriptor. */
  fsync(fd: number): Promise<void>
  /**
   * Everything written to the file system that `path` lies on reaches the disk. @throws `ENOSYS` when this machine
   * cannot do that, or not now: nothing was tried; any other failure is final as that of `fsync`
   */
  syncFileSystem(path: string): Promise<void>
  /** Entries in no order; empty when the directory is absent. Names that are not UTF-8 are left out. */
  readDirectory(path: string): Promise<readonly DirectoryEntry[]>
  /** Removes a file or a whole tree; absent is fine. */
  removeTree(path: string): Promise<void>
  /** A small text file as a whole (also in /proc and /sys); `undefined` when absent. */
  readText(path: string): Promise<string | undefined>
  statfs(path: string): Promise<FileSystemStats>
  statfsSync(path: string): FileSystemStats

  /** Runs `task` once, after the I/O callbacks of the present turn of the event loop. */
  afterTurn(task: () => void): void
}
