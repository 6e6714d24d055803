import { statSync } from 'node:fs'
import type { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { SqliteCheckpoint } from '@aistore-ts/core/ports/sqlite.ts'
import { createSqliteCheckpoint } from '@aistore-ts/runtime-adapters/node/sqlite-checkpoint.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, createBench, getText, put } from '../../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

/** Checkpoints that fail with SQLite's result code `errcode` while there is one. */
function failingCheckpoints(): {
  sqliteCheckpoint: SqliteCheckpoint
  failWith(errcode: number | undefined): void
  failed(): number
} {
  const real = createSqliteCheckpoint()
  let code: number | undefined
  let failed = 0
  return {
    sqliteCheckpoint: async (path) => {
      if (code === undefined) return await real(path)
      failed++
      throw Object.assign(new Error('made by the test'), { errcode: code })
    },
    failWith: (errcode) => {
      code = errcode
    },
    failed: () => failed,
  }
}

describe('a checkpoint that fails', () => {
  const limits = {
    reserveBytes: 64 * 1024,
    shortLogBytesMax: 0,
    checkpointChanges: 1,
    intentBatch: 1,
  }

  it('for want of room leaves the mountpath in service, and it closes and opens again', async () => {
    const catalogs = failingCheckpoints()
    const faults: AisError[] = []
    const onFault = (error: AisError) => void faults.push(error)
    const mountpath = await bench.open({
      sqliteCheckpoint: catalogs.sqliteCheckpoint,
      limits,
      onFault,
    })
    catalogs.failWith(13)
    await put(mountpath, bench.bucket, 'x', 'kept', 'disk')
    await mountpath.close()
    // One after the change, one at the end.
    expect(catalogs.failed()).toBeGreaterThanOrEqual(2)

    const full = await bench.open({ sqliteCheckpoint: catalogs.sqliteCheckpoint, limits, onFault })
    expect(await getText(full, bench.bucket, 'x')).toBe('kept')
    await full.remove(bench.bucket, 'x', 'disk')
    await full.close()
    expect(faults).toEqual([])

    const again = await bench.open()
    expect(again.load(bench.bucket, 'x')).toBeUndefined()
  })

  it('for any other reason takes the mountpath out of service', async () => {
    const catalogs = failingCheckpoints()
    const faults: AisError[] = []
    const mountpath = await bench.open({
      sqliteCheckpoint: catalogs.sqliteCheckpoint,
      limits,
      onFault: (error) => void faults.push(error),
    })
    catalogs.failWith(10)
    await put(mountpath, bench.bucket, 'x', 'kept', 'disk')
    await mountpath.close()
    expect(faults).toMatchObject([{ code: 'ErrMountpathFaulted' }])

    const again = await bench.open()
    expect(await getText(again, bench.bucket, 'x')).toBe('kept')
  })
})

describe('a short log', () => {
  it('is moved by no checkpoint when a mountpath opens and closes, and nothing is lost', async () => {
    const real = createSqliteCheckpoint()
    let asked = 0
    const sqliteCheckpoint: SqliteCheckpoint = (path) => {
      asked++
      return real(path)
    }
    const first = await bench.open({ sqliteCheckpoint })
    await put(first, bench.bucket, 'x', 'kept', 'disk')
    await first.close()
    const second = await bench.open({ sqliteCheckpoint })
    expect(await getText(second, bench.bucket, 'x')).toBe('kept')
    await second.close()
    expect(asked).toBe(0)
  })

  it('that cannot be synced takes the mountpath out of service', async () => {
    const faults: AisError[] = []
    let fails = false
    const files: FileSystem = {
      ...bench.files,
      fsync: (fd) => (fails ? Promise.reject(new Error('EIO')) : bench.files.fsync(fd)),
    }
    const onFault = (error: AisError) => void faults.push(error)
    const mountpath = await bench.open({ files, onFault })
    fails = true
    await mountpath.close()
    expect(faults).toMatchObject([{ code: 'ErrMountpathFaulted' }])
  })
})

describe('a checkpoint under load', () => {
  it('lets the log start over although writers never rest', async () => {
    const real = createSqliteCheckpoint()
    let acknowledged = 0
    const whole: boolean[] = []
    const sqliteCheckpoint: SqliteCheckpoint = async (path) => {
      const before = acknowledged
      const report = await real(path)
      // Long enough for many writes, if they are let.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      whole.push(acknowledged === before && report.movedPages === report.logPages)
      return report
    }
    const limits = {
      reserveBytes: 64 * 1024,
      shortLogBytesMax: 0,
      checkpointChanges: 50,
      intentBatch: 25,
    }
    const mountpath = await bench.open({ limits, sqliteCheckpoint })
    whole.length = 0
    let begun = 0
    const writer = async (): Promise<void> => {
      while (begun < 3_000) {
        await put(mountpath, bench.bucket, `${++begun}`, 'x', 'process')
        acknowledged++
      }
    }
    await Promise.all(Array.from({ length: 8 }, writer))
    // In pairs: one beside the writers, one that moves all while they wait.
    expect(whole.slice(0, 6)).toEqual([false, true, false, true, false, true])
    // Without any checkpoint it is more than 20 MB.
    expect(statSync(`${bench.path}/.ais/catalog.db-wal`).size).toBeLessThan(10_000_000)
  })
})
