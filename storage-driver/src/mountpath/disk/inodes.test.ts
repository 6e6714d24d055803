import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import {
  bucketRef,
  bytesOf,
  getText,
  listNames,
  mountpathOptions,
  put,
  putPart,
} from '../../testing/mountpath-bench.ts'
import { openMountpath } from '../open-mountpath.ts'

const inodes = 100
const bucket = bucketRef('bench', 1n)

let top: string
let mountpath: Mountpath | undefined
let unable: string | undefined

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'inodes-'))
  mountpath = undefined
  try {
    const options = `size=64m,nr_inodes=${inodes}`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', top], { stdio: 'pipe' })
    unable = undefined
  } catch (error) {
    unable = `a file system of few inodes cannot be mounted (it takes root): ${String(error)}`
  }
})

afterEach(async () => {
  await mountpath?.close()
  if (unable === undefined) execFileSync('umount', [top])
  rmSync(top, { recursive: true })
})

async function openHere(): Promise<Mountpath> {
  mkdirSync(join(top, 'mp'), { recursive: true })
  // Small bodies would be taken at `disk`: they need no inode before they have a file. Here everything has one.
  const options = mountpathOptions(createManualClock())
  const limits = { ...options.limits, inlineBytesMax: -1 }
  const opened = await openMountpath(join(top, 'mp'), { ...options, limits })
  mountpath = opened
  await opened.createBucket(bucket)
  return opened
}

const files = () =>
  readdirSync(join(top, 'mp/@ais/bench'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '%id')
    .map(({ name }) => name)
    .sort()

/** Objects in folders of their own, as many as there is room for. Their names. */
async function fill(disk: Mountpath): Promise<string[]> {
  const names: string[] = []
  for (let at = 0; at < inodes; at++) {
    const name = `${at}/o${at}`
    const level = at % 2 === 0 ? 'process' : 'disk'
    try {
      await put(disk, bucket, name, `content ${at}`, level)
    } catch (error) {
      expect(error).toMatchObject({ code: 'ErrCapExceeded' })
      return names
    }
    names.push(name)
  }
  throw new Error('there was room for all')
}

it('a disk without inodes refuses what is new with 507, and goes on with the rest', async ({
  skip,
}) => {
  if (unable !== undefined) skip(unable)
  const disk = await openHere()
  const names = await fill(disk)
  expect(names.length).toBeGreaterThan(10)
  // The last folder took the last inode, or the file did: then a folder has no room either.
  while (statfsSync(top).ffree > 0) {
    mkdirSync(join(top, `taken-${statfsSync(top).ffree}`))
  }
  for (const level of ['process', 'disk'] as const) {
    for (const name of ['new', 'new/folder/o', names[0] ?? '']) {
      await expect(put(disk, bucket, name, 'too much', level)).rejects.toMatchObject({
        code: 'ErrCapExceeded',
      })
    }
    await expect(disk.appendBegin(bucket, 'new')).rejects.toMatchObject({ code: 'ErrCapExceeded' })
  }
  await disk.uploadBegin(bucket, { id: 'up', name: 'new', createdNs: 1n, custom: [] }, 'disk')
  const part = (disk: Mountpath) => putPart(disk, bucket, 'up', 1, bytesOf('part'))
  await expect(part(disk)).rejects.toMatchObject({ code: 'ErrCapExceeded' })

  const kept = names.map((name) => name.slice(name.indexOf('/') + 1)).sort()
  expect(files()).toEqual(kept)
  expect(listNames(disk, bucket)).toEqual([...names].sort())
  for (const name of names) expect(await getText(disk, bucket, name)).toContain('content')
  await disk.update(bucket, names[1] ?? '', { custom: [['k', 'v']] }, 'disk')
  await disk.rename(bucket, names[1] ?? '', 'renamed', 'disk')
  expect(await getText(disk, bucket, 'renamed')).toBe('content 1')

  // What a stop gave back, a start takes.
  await disk.close()
  const full = await openHere()
  expect(await getText(full, bucket, 'renamed')).toBe('content 1')
  for (const name of names.slice(2, 6)) expect(await full.remove(bucket, name, 'disk')).toBe(true)
  await put(full, bucket, 'new/folder/o', 'room again', 'disk')
  await part(full)
  await full.close()
  const again = await openHere()
  expect(await getText(again, bucket, 'new/folder/o')).toBe('room again')
  expect(listNames(again, bucket)).toHaveLength(names.length - 4 + 1)
})
