import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadSealingKey, sealingKeyFile } from './sealing-key.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealing-key-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('makes a key once, for its owner alone, and finds it again', async () => {
  expect(await loadSealingKey(folder, {}, false)).toBeUndefined()
  const made = await loadSealingKey(folder, {}, true)
  expect(made).toHaveLength(32)
  expect(await loadSealingKey(folder, {}, true)).toEqual(made)
  expect((await stat(join(folder, sealingKeyFile))).mode & 0o777).toBe(0o400)
})

it('takes one from the environment first, in hex or base64, or from the file it names', async () => {
  const hex = 'ab'.repeat(32)
  const key = new Uint8Array(32).fill(0xab)
  const path = join(folder, 'mine')
  await writeFile(path, Buffer.from(key).toString('base64'), { mode: 0o600 })
  await loadSealingKey(folder, {}, true)
  expect(await loadSealingKey(folder, { AIS_CREDENTIALS_KEY: hex }, true)).toEqual(key)
  expect(await loadSealingKey(folder, { AIS_CREDENTIALS_KEY_FILE: path }, true)).toEqual(key)
})

it('refuses what is no key, and what others may read, without showing it', async () => {
  const short = loadSealingKey(folder, { AIS_CREDENTIALS_KEY: 'cafe' }, true)
  await expect(short).rejects.toThrow(/AIS_CREDENTIALS_KEY: expecting 32 bytes/)
  await expect(short).rejects.not.toThrow(/cafe/)
  const gone = loadSealingKey(folder, { AIS_CREDENTIALS_KEY_FILE: join(folder, 'no') }, true)
  await expect(gone).rejects.toThrow(/there is no file/)
  await loadSealingKey(folder, {}, true)
  const path = join(folder, sealingKeyFile)
  await chmod(path, 0o440)
  await expect(loadSealingKey(folder, {}, true)).rejects.toThrow(/others may read it/)
  await rm(path)
  await writeFile(path, (await readFile('/dev/null')).toString(), { mode: 0o400 })
  await expect(loadSealingKey(folder, {}, true)).rejects.toThrow(/expecting 32 bytes/)
})
