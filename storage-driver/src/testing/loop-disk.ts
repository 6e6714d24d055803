import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/** File systems whose power can be cut. */
export type FileSystemType = 'ext4' | 'xfs'

/** A file system in a file, mounted; needs root and loop devices. */
export interface LoopDisk {
  mount(): void
  unmount(): void
  /** Takes all of it to the disk. */
  sync(): void
  /** What was not synced is gone from here on; every later change fails. */
  cut(): void
}

/** EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number; 2 is "without flushing the log". @see linux fs/ext4/ext4.h */
const shutdownScript = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))
`

const makers: Readonly<Record<FileSystemType, readonly string[]>> = {
  ext4: ['mkfs.ext4', '-q'],
  xfs: ['mkfs.xfs', '-q', '-f'],
}

/** @throws when this machine has not what it takes */
export function createLoopDisk(
  type: FileSystemType,
  image: string,
  sizeBytes: number,
  folder: string,
  options: readonly string[] = [],
): LoopDisk {
  const run = (command: string, ...args: readonly string[]): void => {
    execFileSync(command, args, { stdio: 'pipe' })
  }
  const [make = '', ...flags] = makers[type]
  run('truncate', '-s', String(sizeBytes), image)
  run(make, ...flags, ...options, image)
  mkdirSync(folder, { recursive: true })
  return {
    mount: () => run('mount', '-o', 'loop', image, folder),
    unmount: () => run('umount', folder),
    sync: () => run('sync', '-f', folder),
    cut: () => run('python3', '-c', shutdownScript, folder),
  }
}
