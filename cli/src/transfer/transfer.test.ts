import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChecksummer } from './compute-checksum.ts'
import { localPath } from './get-many.ts'
import { addSource, emptySelection, type NamingOptions } from './local-files.ts'
import { pieces } from './put-stdin.ts'
import { runWorkers } from './run-workers.ts'

describe('sources of put', () => {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'ais-sources-'))
    await mkdir(path.join(root, 'dir/sub'), { recursive: true })
    for (const name of ['dir/a.txt', 'dir/b.md', 'dir/sub/c.txt']) {
      await writeFile(path.join(root, name), name)
    }
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  const names = async (source: string, options: Partial<NamingOptions>) => {
    const selection = emptySelection()
    const all = { prefix: '', recursive: false, includeSourceDir: false, ...options }
    await addSource(selection, path.join(root, source), all)
    return selection.files.map((file) => file.objectName)
  }

  it('names files of a directory relative to it', async () => {
    expect(await names('dir', {})).toEqual(['a.txt', 'b.md'])
    expect(await names('dir', { recursive: true })).toEqual(['a.txt', 'b.md', 'sub/c.txt'])
    expect(await names('dir', { prefix: 'p/' })).toEqual(['p/a.txt', 'p/b.md'])
    expect(await names('dir', { includeSourceDir: true })).toEqual(['dir/a.txt', 'dir/b.md'])
  })

  it('matches patterns', async () => {
    expect(await names('dir/*.txt', {})).toEqual(['a.txt'])
  })

  it('follows links to files, and counts what becomes no object', async () => {
    await mkdir(path.join(root, 'links'))
    for (const [name, to] of Object.entries({ file: '../dir/a.txt', dir: '../dir', gone: 'x' })) {
      await symlink(to, path.join(root, 'links', name))
    }
    const selection = emptySelection()
    const options = { prefix: '', recursive: true, includeSourceDir: false }
    await addSource(selection, path.join(root, 'links'), options)
    expect(selection.files.map((file) => file.objectName)).toEqual(['file'])
    expect(selection.leftOut).toBe(2)
  })

  it('refuses what is not there', async () => {
    await expect(names('nothere', {})).rejects.toThrow(/is not a directory/)
  })
})

describe('destinations of get', () => {
  it('stays below the folder', () => {
    expect(localPath('out', 'a/b')).toBe('out/a/b')
    expect(localPath('', 'a')).toBe('a')
    for (const name of ['../x', 'a/../../x', '..']) {
      expect(() => localPath('out', name)).toThrow(/leads out/)
    }
    expect(localPath('out', '/etc/passwd')).toBe('out/etc/passwd')
  })
})

it('gathers chunks to pieces of equal size', async () => {
  async function* chunks() {
    for (const text of ['a', 'bcdefgh', '', 'ij', 'k']) yield new TextEncoder().encode(text)
  }
  const out: string[] = []
  for await (const piece of pieces(chunks(), 3)) out.push(new TextDecoder().decode(piece))
  expect(out).toEqual(['abc', 'def', 'ghi', 'jk'])
})

describe('runWorkers', () => {
  it('never runs more at a time than it may, and does all', async () => {
    let running = 0
    let most = 0
    const done: number[] = []
    await runWorkers([1, 2, 3, 4, 5], 2, async (item) => {
      most = Math.max(most, ++running)
      await Promise.resolve()
      running--
      done.push(item)
    })
    expect(most).toBe(2)
    expect(done.sort()).toEqual([1, 2, 3, 4, 5])
  })

  it('stops after a failure and rethrows it', async () => {
    const begun: number[] = []
    const run = runWorkers([1, 2, 3], 1, (item) => {
      begun.push(item)
      return item === 2 ? Promise.reject(new Error('two')) : Promise.resolve()
    })
    await expect(run).rejects.toThrow('two')
    expect(begun).toEqual([1, 2])
  })
})

it.each([
  ['xxhash2', '44bc2cf5ad770999'],
  ['crc32c', '364b3fb7'],
  ['md5', '900150983cd24fb0d6963f7d28e17f72'],
])('computes %s of "abc", fed in parts', async (type, hex) => {
  const checksummer = await createChecksummer(type)
  for (const part of ['a', 'bc']) checksummer.update(new TextEncoder().encode(part))
  expect(checksummer.hex()).toBe(hex)
})
