import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Capacity } from '@aistore-ts/core/ports/mountpath.ts'
import type { Space } from './space.ts'

/** `Mountpath.capacity`: sizes from statfs, names from /proc and /sys; unknown names are empty. */
export async function readCapacity(
  path: string,
  files: FileSystem,
  space: Space,
): Promise<Capacity> {
  const stats = await space.refresh()
  const stat = files.lstatSync(path)
  return {
    totalBytes: stats.totalBytes,
    availableBytes: stats.availableBytes,
    usedBytes: stats.totalBytes - stats.freeBytes,
    ...(await readDevice(path, files)),
    fsId: stat === undefined ? '' : `${stat.deviceMajor},${stat.deviceMinor}`,
  }
}

/** What a mountpath lies on; empty names where the system does not tell. */
export async function readDevice(
  path: string,
  files: Pick<FileSystem, 'readText'>,
): Promise<Pick<Capacity, 'device' | 'fsType' | 'disks'>> {
  const mounts = parseMounts((await files.readText('/proc/mounts')) ?? '')
  const mount = findMount(mounts, path)
  const device = mount?.device ?? ''
  return {
    device,
    fsType: mount?.fsType ?? '',
    disks: device.startsWith('/dev/') ? [await diskOf(files, device.slice('/dev/'.length))] : [],
  }
}

interface Mount {
  readonly device: string
  readonly point: string
  readonly fsType: string
}

/** @see proc(5), fstab(5): blanks in fields are octal escapes */
export function parseMounts(text: string): readonly Mount[] {
  return text
    .split('\n')
    .map((line) => line.split(' ').map(unescapeOctal))
    .flatMap(([device, point, fsType]) =>
      device === undefined || point === undefined || fsType === undefined
        ? []
        : [{ device, point, fsType }],
    )
}

function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
}

/** The mount that `path` lies on: the longest mount point, the last of equals. */
export function findMount(mounts: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined
  for (const mount of mounts) {
    const inside = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`)
    if (inside && mount.point.length >= (best?.point.length ?? 0)) best = mount
  }
  return best
}

/** The disk of a partition: `nvme0n1p1` is of `nvme0n1`, `sda2` of `sda`. */
async function diskOf(files: Pick<FileSystem, 'readText'>, device: string): Promise<string> {
  const partition = await files.readText(`/sys/class/block/${device}/partition`)
  if (partition === undefined) return device
  return device.replace(/(?<=\d)p\d+$|(?<=[a-z])\d+$/, '')
}
