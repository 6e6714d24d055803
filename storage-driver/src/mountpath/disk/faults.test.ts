import { readdirSync, rmSync } from 'node:fs'
import type { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import { noChecksum } from '@aistore-ts/core/object/checksum.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { NewObject } from '@aistore-ts/core/ports/mountpath.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { createFileSystem } from '@aistore-ts/runtime-adapters/node/file-system.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Bench,
  bytesOf,
  createBench,
  getText,
  listNames,
  put,
} from '../../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

function posixError(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), { code })
}

const workFiles = () => readdirSync(`${bench.path}/@ais/bench/%wk`)

/** A disk whose syncs fail from the `count`-th on, once armed. */
function failingSync(): { files: FileSystem; arm(count: number): void; calls(): number } {
  const real = createFileSystem()
  let left = Number.POSITIVE_INFINITY
  let calls = 0
  return {
    files: {
      ...real,
      fsync: (fd) => {
        calls++
        return --left <= 0 ? Promise.reject(posixError('EIO')) : real.fsync(fd)
      },
    },
    arm: (count) => {
      left = count
      calls = 0
    },
    calls: () => calls,
  }
}

/** Databases that call `before` ahead of every commit of a group. */
function watchCommits(before: () => void): (path: string) => SqliteDatabase {
  return (path) => {
    const db = openSqlite(path)
    return {
      exec: (sql) => db.exec(sql),
      close: () => db.close(),
      prepare: (sql) => {
        const statement = db.prepare(sql)
        if (sql !== 'COMMIT') return statement
        return {
          get: (...params) => statement.get(...params),
          all: (...params) => statement.all(...params),
          run: (...params) => {
            before()
            return statement.run(...params)
          },
        }
      },
    }
  }
}

/** A new version of which nothing is said but that it is there. */
const anyObject: NewObject = {
  checksum: noChecksum,
  version: '2',
  atimeNs: 0n,
  custom: [],
}

describe('a failed sync', () => {
  it.each([
    ['of the work file', 1, { inlineBytesMax: -1 }],
    ['of the log', 2, { inlineBytesMax: -1 }],
    ['of the log with a small body', 1, {}],
  ])('%s fails the request and takes the mountpath out of service', async (_, count, limits) => {
    const disk = failingSync()
    const faults: AisError[] = []
    const onFault = (error: AisError) => void faults.push(error)
    const mountpath = await bench.open({ files: disk.files, limits, onFault })
    await put(mountpath, bench.bucket, 'x', 'old', 'disk')
    disk.arm(count)
    await expect(put(mountpath, bench.bucket, 'x', 'new', 'disk')).rejects.toMatchObject({
      code: 'ErrMountpathFaulted',
    })
    expect(disk.calls()).toBe(count)
    expect(faults).toHaveLength(1)
    expect(() => mountpath.load(bench.bucket, 'x')).toThrow(faults[0])
    expect(() => mountpath.draft(bench.bucket, 'y')).toThrow(faults[0])
    await expect(mountpath.remove(bench.bucket, 'x', 'process')).rejects.toBe(faults[0])
    await mountpath.close()
    expect(disk.calls()).toBe(count)

    const again = await bench.open()
    expect(['old', 'new']).toContain(await getText(again, bench.bucket, 'x'))
    expect(workFiles()).toEqual([])
  })

  it('of a directory keeps the intents, so that the next start settles them', async () => {
    const disk = failingSync()
    let noteFault: (error: AisError) => void = () => {}
    const faulted = new Promise<AisError>((resolve) => {
      noteFault = resolve
    })
    const mountpath = await bench.open({ files: disk.files, onFault: (e) => noteFault(e) })
    await put(mountpath, bench.bucket, 'x', 'content')
    disk.arm(1)
    bench.clock.advance(2_000)
    expect((await faulted).code).toBe('ErrMountpathFaulted')
    await mountpath.close()
    const settled: string[] = []
    const again = await bench.open({ crashPoint: (step) => settled.push(step) })
    expect(settled).toContain('name-recovered')
    expect(await getText(again, bench.bucket, 'x')).toBe('content')
  })
})

describe('a full disk', () => {
  /** `writeSync`, `write`, `mkdirSync`, `renameSync` that fail with ENOSPC once armed. */
  function fullDisk(): { files: FileSystem; full: Set<keyof FileSystem> } {
    const real = createFileSystem()
    const full = new Set<keyof FileSystem>()
    const guard = (name: keyof FileSystem): void => {
      if (full.has(name)) throw posixError('ENOSPC')
    }
    return {
      full,
      files: {
        ...real,
        writeSync: (fd, bytes, position) => {
          guard('writeSync')
          real.writeSync(fd, bytes, position)
        },
        write: async (fd, bytes, position) => {
          guard('write')
          await real.write(fd, bytes, position)
        },
        mkdirSync: (path) => {
          guard('mkdirSync')
          return real.mkdirSync(path)
        },
        renameSync: (from, to) => {
          guard('renameSync')
          real.renameSync(from, to)
        },
      },
    }
  }

  it.each([
    ['process', 'writeSync', 12],
    ['process', 'write', 600_000],
    ['disk', 'mkdirSync', 100_000],
    ['process', 'renameSync', 12],
    ['disk', 'renameSync', 100_000],
  ] as const)('answers a PUT at %s with 507 after a failed %s', async (level, step, sizeBytes) => {
    const disk = fullDisk()
    // A disk that never keeps up: the thread pool gets what comes after the first chunks.
    const mountpath = await bench.open({ files: disk.files, limits: { slowWriteMs: 0 } })
    const old = await put(mountpath, bench.bucket, 'x', 'old')
    disk.full.add(step)
    const name = step === 'mkdirSync' ? 'new/folder/x' : 'x'
    const write = async () => {
      const draft = await mountpath.draft(bench.bucket, name)
      try {
        const quarter = new Uint8Array(sizeBytes / 4)
        for (let count = 0; count < 4; count++) await draft.write(quarter)
        await mountpath.commit(bench.bucket, name, draft, anyObject, level)
      } finally {
        await draft.discard()
      }
    }
    await expect(write()).rejects.toMatchObject({ code: 'ErrCapExceeded', status: 507 })
    expect(workFiles()).toEqual([])
    expect(mountpath.load(bench.bucket, 'x')).toEqual(old)
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('old')
    expect(listNames(mountpath, bench.bucket)).toEqual(['x'])
    expect(await mountpath.remove(bench.bucket, 'x', level)).toBe(true)
    disk.full.clear()
    await put(mountpath, bench.bucket, 'x', 'new', level)
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('new')
  })

  it('still records removals when the catalog itself has no room', async () => {
    let full = false
    let refused = 0
    const sqlite = watchCommits(() => {
      if (!full || bench.files.lstatSync(`${bench.path}/.ais/reserve`) === undefined) return
      refused++
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
    })
    const mountpath = await bench.open({ sqlite })
    await put(mountpath, bench.bucket, 'x', 'content')
    full = true
    const results = await Promise.allSettled([
      put(mountpath, bench.bucket, 'y', 'content'),
      mountpath.remove(bench.bucket, 'x', 'process'),
    ])
    expect(refused).toBe(1)
    expect(results[0]).toMatchObject({ reason: { code: 'ErrCapExceeded' } })
    expect(results[1]).toMatchObject({ value: true })
    expect(mountpath.load(bench.bucket, 'x')).toBeUndefined()
    expect(workFiles()).toEqual([])
  })
})

describe('group commit', () => {
  it('puts all changes of a turn into one transaction, and one log sync', async () => {
    let commits = 0
    const sqlite = watchCommits(() => {
      commits++
    })
    const mountpath = await bench.open({ sqlite })
    const names = Array.from({ length: 50 }, (_, i) => `n${i}`)
    const drafts = names.map((name) => mountpath.draft(bench.bucket, name))
    for (const draft of drafts) await (await draft).write(bytesOf('x'))
    commits = 0
    await Promise.all(
      names.map(async (name, i) => {
        const draft = await drafts[i]
        if (draft !== undefined) {
          await mountpath.commit(bench.bucket, name, draft, anyObject, 'process')
        }
      }),
    )
    expect(commits).toBe(1)
    expect(listNames(mountpath, bench.bucket)).toHaveLength(50)
  })

  it('fails the change that is at fault alone', async () => {
    const mountpath = await bench.open()
    await put(mountpath, bench.bucket, 'x', 'old')
    const draft = await mountpath.draft(bench.bucket, 'x')
    await draft.write(bytesOf('new'))
    const results = await Promise.allSettled([
      put(mountpath, bench.bucket, 'y', 'why'),
      mountpath.commit(bench.bucket, 'x', draft, anyObject, 'process', { generation: undefined }),
      put(mountpath, bench.bucket, 'z', 'zed'),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await draft.discard()
    expect(await getText(mountpath, bench.bucket, 'x')).toBe('old')
    expect(await getText(mountpath, bench.bucket, 'z')).toBe('zed')
  })
})

describe('what a power cut leaves at level process', () => {
  it('goes back to the older version when the newer content is gone', async () => {
    const first = await bench.open()
    await put(first, bench.bucket, 'kept', 'old')
    await first.close()
    const second = await bench.open({
      // The rename and the content never reach the disk.
      crashPoint: (step) => {
        if (step === 'committed')
          for (const file of workFiles()) rmSync(`${bench.path}/@ais/bench/%wk/${file}`)
      },
    })
    await expect(put(second, bench.bucket, 'kept', 'new')).rejects.toMatchObject({
      code: 'ErrInternal',
    })
    expect(await getText(second, bench.bucket, 'kept')).toBe('old')
  })
})
