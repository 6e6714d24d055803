import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileSystem } from '@aistore-ts/runtime-adapters/node/file-system.ts'
import { openSqlite } from '@aistore-ts/runtime-adapters/node/sqlite.ts'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeUint64 } from './encoding.ts'
import type { ObjectRow } from './object-row.ts'
import { type Catalog, openCatalog } from './open-catalog.ts'
import { createRowCache } from './row-cache.ts'

const opened: { catalog: Catalog; dir: string }[] = []

afterEach(async () => {
  for (const { catalog, dir } of opened.splice(0)) {
    await catalog.close()
    rmSync(dir, { recursive: true })
  }
})

function openHere(): { catalog: Catalog; path: string } {
  const dir = mkdtempSync(join(tmpdir(), 'row-cache-'))
  const path = join(dir, 'catalog.sqlite')
  const { catalog } = openCatalog(path, createFileSystem(), openSqlite, false)
  opened.push({ catalog, dir })
  return { catalog, path }
}

function rowOf(sizeBytes: number): ObjectRow {
  return {
    sizeBytes,
    checksumType: 'xxhash2',
    checksumValue: '0123456789abcdef',
    version: '1',
    atimeNs: 1_700_000_000_123_456_789n,
    mtimeNs: 1_700_000_000_987_654_321n,
    generation: '00112233445566778899aabbccddeeff',
    inode: 7,
    escaped: false,
    upload: '',
    custom: '[["k","v"]]',
    blocks: 3,
    damaged: false,
    body: 0,
  }
}

const bids = [encodeUint64(1n), encodeUint64(0xff00_0000_0000_0001n)]

/** What the file itself says, by a second connection that has no cache. */
function onDisk(path: string, bid: Uint8Array, name: string): unknown {
  const db = openSqlite(path, { readOnly: true })
  try {
    return db.prepare('SELECT size FROM object WHERE bid = ? AND name = ?').get(bid, name)?.size
  } finally {
    db.close()
  }
}

describe('rows in memory', () => {
  it('are, after any changes and rollbacks, what the table holds', () => {
    const { catalog, path } = openHere()
    const name = fc.constantFrom('a', 'b', '\u{10000}')
    const bid = fc.constantFrom(...bids)
    const change = fc.oneof(
      fc.record({ kind: fc.constant('store' as const), bid, name, size: fc.nat() }),
      fc.record({ kind: fc.constant('remove' as const), bid, name, size: fc.constant(0) }),
      fc.record({ kind: fc.constant('purge' as const), bid, name, size: fc.constant(0) }),
    )
    const group = fc.record({ fails: fc.boolean(), changes: fc.array(change, { maxLength: 4 }) })
    fc.assert(
      fc.property(fc.array(group, { maxLength: 6 }), (groups) => {
        for (const { fails, changes } of groups) {
          const run = () =>
            catalog.transaction(() => {
              for (const { kind, bid, name, size } of changes) {
                if (kind === 'store') catalog.objects.store(bid, name, rowOf(size))
                else if (kind === 'remove') catalog.objects.remove(bid, name)
                else catalog.objects.purge(bid, 10)
                catalog.objects.load(bid, name)
              }
              if (fails) throw new Error('on purpose')
            })
          if (fails) expect(run).toThrow('on purpose')
          else run()
        }
        for (const bid of bids) {
          for (const name of ['a', 'b', '\u{10000}']) {
            expect(catalog.objects.load(bid, name)?.sizeBytes).toBe(onDisk(path, bid, name))
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('are equal to rows that were read', async () => {
    const { catalog, path } = openHere()
    const [bid = encodeUint64(1n)] = bids
    catalog.transaction(() => catalog.objects.store(bid, 'a', rowOf(5)))
    const kept = catalog.objects.load(bid, 'a')
    catalog.objects.forget()
    expect(catalog.objects.load(bid, 'a')).toEqual(kept)
    expect(onDisk(path, bid, 'a')).toBe(5)
  })

  it('are what is in the table after overwrites of every kind', () => {
    const { catalog } = openHere()
    const [bid = encodeUint64(1n)] = bids
    const first = rowOf(5)
    const plain: ObjectRow = {
      ...first,
      sizeBytes: 6,
      checksumValue: 'fedcba9876543210',
      version: '2',
      atimeNs: 1_800_000_000_111_111_112n,
      mtimeNs: 1_800_000_000_222_222_223n,
      generation: 'ffeeddccbbaa99887766554433221100',
      inode: 8,
    }
    const kinds: readonly Partial<ObjectRow>[] = [
      { checksumType: 'md5' },
      { escaped: true },
      { upload: 'u' },
      { custom: '' },
      { blocks: 4 },
      { damaged: true },
      { body: 9 },
    ]
    for (const next of [plain, ...kinds.map((kind) => ({ ...plain, ...kind }))]) {
      for (const row of [first, next]) {
        catalog.transaction(() => catalog.objects.store(bid, 'a', row))
        catalog.objects.forget()
        expect(catalog.objects.load(bid, 'a')).toEqual(row)
      }
      catalog.transaction(() => catalog.objects.remove(bid, 'a'))
    }
  })

  it('are bounded: what was not asked for lately goes', () => {
    const cache = createRowCache(4)
    const [bid = encodeUint64(1n), other = encodeUint64(2n)] = bids
    for (const name of ['a', 'b']) cache.keep(bid, name, null)
    cache.keep(other, 'c', null)
    expect(cache.find(bid, 'a')).toBe(null)
    cache.keep(bid, 'd', null)
    expect(['a', 'b', 'd'].map((name) => cache.find(bid, name))).toEqual([null, undefined, null])
  })

  it('have their latest state, wherever it was kept before', () => {
    const cache = createRowCache(4)
    const [bid = encodeUint64(1n)] = bids
    for (const name of ['a', 'b']) cache.keep(bid, name, null)
    const row = rowOf(1)
    cache.keep(bid, 'a', row)
    expect(cache.find(bid, 'a')).toBe(row)
    cache.drop(bid, 'a')
    cache.drop(bid, 'b')
    expect(['a', 'b'].map((name) => cache.find(bid, name))).toEqual([undefined, undefined])
  })
})
