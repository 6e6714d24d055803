import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileSystem } from '@aistore-ts/runtime-adapters/node/file-system.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { expect, it } from 'vitest'
import { encodeUint64 } from './encoding.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import { decodeSuperseded } from './object-row.ts'
import { openCatalog } from './open-catalog.ts'

it('takes a catalog of the first schema along, row for row', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-'))
  const path = join(folder, 'catalog.db')
  const bid = encodeUint64(7n)
  try {
    const db = openSqlite(path)
    expect(migrate(db, migrations.slice(0, 1))).toBe(0)
    db.prepare(
      `INSERT INTO object VALUES (?, 'o', 5, 'md5', 'abc', '3', 1, 2, 3, 4, ?, 9, 0, 'up', '')`,
    ).run(bid, new Uint8Array(16))
    db.prepare(`INSERT INTO part VALUES (?, 'up', 1, '1.x', 5, 'md5', 'abc', '')`).run(bid)
    db.close()

    const { catalog, created } = openCatalog(path, createFileSystem(), openSqlite, true)
    expect(created).toBe(false)
    expect(catalog.objects.load(bid, 'o')).toEqual({
      sizeBytes: 5,
      checksumType: 'md5',
      checksumValue: 'abc',
      version: '3',
      atimeNs: 1_002n,
      mtimeNs: 3_004n,
      generation: '0'.repeat(32),
      inode: 9,
      escaped: false,
      upload: 'up',
      custom: '',
      blocks: 0,
      damaged: false,
      body: 0,
    })
    expect(catalog.uploads.parts(bid, 'up')).toMatchObject([{ file: '1.x', blocks: 0 }])
    await catalog.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('reads a superseded row of the first schema', () => {
  const text = '{"sizeBytes":5,"upload":"","escaped":false,"atimeNs":"1","mtimeNs":"2"}'
  expect(decodeSuperseded(text)).toMatchObject({ mtimeNs: 2n, blocks: 0, damaged: false })
})
