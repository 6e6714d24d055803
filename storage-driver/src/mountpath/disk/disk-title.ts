import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { readDevice } from './capacity.ts'

/**
 * What the location of an object tells of a mountpath behind its path: its disks, or the file system where there are
 * none, its label, and the kind of its disks: `, vda, ssd`. @see AIStore fs/fs.go Mountpath.String
 */
export async function readDiskTitle(
  path: string,
  label: string,
  files: Pick<FileSystem, 'readText'>,
): Promise<string> {
  const { device, fsType, disks } = await readDevice(path, files)
  const shownLabel = label === '' ? '' : `, "${label}"`
  const [disk] = disks
  if (disk === undefined) {
    const type = fsType === '' || fsType === device ? '' : `/${fsType}`
    return `, fs=${device}${type}${shownLabel}, unknown`
  }
  return `, ${disk}${shownLabel}, ${await mediaOf(disk, files)}`
}

async function mediaOf(disk: string, files: Pick<FileSystem, 'readText'>): Promise<string> {
  const rotational = await files.readText(`/sys/block/${disk}/queue/rotational`)
  if (rotational?.trim() === '1') return 'hdd'
  return disk.startsWith('nvme') ? 'nvme' : 'ssd'
}
