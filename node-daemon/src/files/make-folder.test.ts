import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeFolder } from './make-folder.ts'

let dir = ''

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aistore-folder-'))
})

afterAll(() => rm(dir, { recursive: true }))

it('makes what is missing and takes what is there', async () => {
  const path = join(dir, 'a', 'b', 'c')
  await makeFolder(path)
  await makeFolder(path)
  expect((await stat(path)).isDirectory()).toBe(true)
})

it('does not take a file for a folder', async () => {
  const path = join(dir, 'file')
  await writeFile(path, '')
  await expect(makeFolder(path)).rejects.toThrow('EEXIST')
  await expect(makeFolder(join(path, 'below'))).rejects.toThrow('ENOTDIR')
})

it.runIf(existsSync('/proc'))('ends where nothing can be made', async () => {
  await expect(makeFolder('/proc/nosuch')).rejects.toThrow('ENOENT')
  await expect(makeFolder('/proc/nosuch/below')).rejects.toThrow('ENOENT')
})
