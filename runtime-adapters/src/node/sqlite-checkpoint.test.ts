import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqlite } from './sqlite.ts'
import { createSqliteCheckpoint } from './sqlite-checkpoint.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('createSqliteCheckpoint', () => {
  it('moves the log of a database that is open here, and what is in it stays', async () => {
    const path = join(folder, 'x.db')
    const db = openSqlite(path)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a)')
    db.exec("INSERT INTO t VALUES (zeroblob(100000)), ('kept')")
    const before = statSync(path).size
    const report = await createSqliteCheckpoint()(path)
    expect(report.logPages).toBeGreaterThan(25)
    expect(report.movedPages).toBe(report.logPages)
    expect(statSync(path).size).toBeGreaterThan(before + 100_000)
    expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 2 })
    db.close()
  })

  it("fails with SQLite's code, and goes on with the next one", async () => {
    const checkpoint = createSqliteCheckpoint()
    const path = join(folder, 'y.db')
    openSqlite(path).close()
    const missing = join(folder, 'missing', 'x.db')
    const [refused, report] = await Promise.allSettled([checkpoint(missing), checkpoint(path)])
    expect(refused).toMatchObject({ status: 'rejected', reason: { errcode: 14 } })
    expect(report.status).toBe('fulfilled')
  })
})
