import type { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, createBench, getText, put } from '../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

/** Databases whose checkpoints fail with SQLite's result code `errcode` while there is one. */
function failingCheckpoints(): {
  sqlite: (path: string) => SqliteDatabase
  failWith(errcode: number | undefined): void
  failed(): number
} {
  let code: number | undefined
  let failed = 0
  return {
    sqlite: (path) => {
      const db = openSqlite(path)
      return {
        exec: (sql) => db.exec(sql),
        close: () => db.close(),
        prepare: (sql) => {
          if (code === undefined || !sql.includes('wal_checkpoint')) return db.prepare(sql)
          failed++
          throw Object.assign(new Error('made by the test'), { errcode: code })
        },
      }
    },
    failWith: (errcode) => {
      code = errcode
    },
    failed: () => failed,
  }
}

describe('a checkpoint that fails', () => {
  const limits = { reserveBytes: 64 * 1024, checkpointChanges: 1, intentBatch: 1 }

  it('for want of room leaves the mountpath in service, and it closes and opens again', async () => {
    const catalogs = failingCheckpoints()
    const faults: AisError[] = []
    const onFault = (error: AisError) => void faults.push(error)
    const mountpath = await bench.open({ sqlite: catalogs.sqlite, limits, onFault })
    catalogs.failWith(13)
    await put(mountpath, bench.bucket, 'x', 'kept', 'disk')
    await mountpath.close()
    // One after the change, one at the end.
    expect(catalogs.failed()).toBeGreaterThanOrEqual(2)

    const full = await bench.open({ sqlite: catalogs.sqlite, limits, onFault })
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
      sqlite: catalogs.sqlite,
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
