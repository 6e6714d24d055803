import { expect, it } from 'vitest'
import { readDiskTitle } from './disk-title.ts'

const mounts = [
  '/dev/vda1 / ext4 rw 0 0',
  'tmpfs /dev/shm tmpfs rw 0 0',
  'overlayfs /over overlay rw 0 0',
  '/dev/nvme0n1p2 /fast xfs rw 0 0',
  '/dev/sdb /slow ext4 rw 0 0',
]

const texts = new Map([
  ['/proc/mounts', mounts.join('\n')],
  ['/sys/class/block/vda1/partition', '1\n'],
  ['/sys/class/block/nvme0n1p2/partition', '2\n'],
  ['/sys/block/vda/queue/rotational', '0\n'],
  ['/sys/block/nvme0n1/queue/rotational', '0\n'],
  ['/sys/block/sdb/queue/rotational', '1\n'],
])
const files = { readText: async (path: string) => texts.get(path) }

it.each([
  ['/data/mp1', '', ', vda, ssd'],
  ['/fast/mp1', '', ', nvme0n1, nvme'],
  ['/slow', 'cold', ', sdb, "cold", hdd'],
  ['/dev/shm/mp1', '', ', fs=tmpfs, unknown'],
  ['/over/mp1', '', ', fs=overlayfs/overlay, unknown'],
])('%s with label "%s" is shown as "%s"', async (path, label, title) => {
  expect(await readDiskTitle(path, label, files)).toBe(title)
})
