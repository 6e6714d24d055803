import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileSystem } from '@aistore-ts/runtime-adapters/node/file-system.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { encodeUint64 } from './encoding.ts'
import { type Catalog, openCatalog } from './open-catalog.ts'

const bid = encodeUint64(7n)
const generation = '00112233445566778899aabbccddeeff'

let dir: string
let catalog: Catalog

const open = (): Catalog =>
  openCatalog(join(dir, 'catalog.sqlite'), createFileSystem(), openSqlite, false).catalog

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tombstones-'))
  catalog = open()
})

afterEach(async () => {
  await catalog.close()
  rmSync(dir, { recursive: true })
})

it('are found once there is a first one, and by who opens the catalog later', async () => {
  expect(catalog.tombstones.find(bid, 'a')).toBeUndefined()
  catalog.tombstones.store(bid, 'a', generation, 1)
  expect(catalog.tombstones.find(bid, 'a')).toBe(generation)
  await catalog.close()
  catalog = open()
  expect(catalog.tombstones.find(bid, 'a')).toBe(generation)
})

it('are found again when what retired the last of them is rolled back', () => {
  catalog.tombstones.store(bid, 'a', generation, 1)
  const retire = (): void => {
    expect(catalog.tombstones.retire(2, 10)).toBe(1)
    throw new Error('no')
  }
  expect(() => catalog.transaction(retire)).toThrow('no')
  expect(catalog.tombstones.find(bid, 'a')).toBe(generation)
  expect(catalog.tombstones.retire(2, 10)).toBe(1)
  expect(catalog.tombstones.find(bid, 'a')).toBeUndefined()
  catalog.tombstones.store(bid, 'b', generation, 3)
  expect(catalog.tombstones.find(bid, 'b')).toBe(generation)
})
