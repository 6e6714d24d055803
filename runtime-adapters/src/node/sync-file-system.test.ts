import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { syncFileSystem } from './sync-file-system.ts'

it('syncs the file system of a folder', async () => {
  await expect(syncFileSystem(tmpdir())).resolves.toBeUndefined()
})

it('fails as a disk does when the sync failed', async () => {
  await expect(syncFileSystem('/nothing/here')).rejects.toMatchObject({ code: 'EIO' })
})

it('tells a machine that cannot do it apart', async () => {
  for (const command of ['/no/such/command', 'false']) {
    await expect(syncFileSystem(tmpdir(), command)).rejects.toMatchObject({ code: 'ENOSYS' })
  }
})
