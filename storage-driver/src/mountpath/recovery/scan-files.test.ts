import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { parseVersionRow, versionRow } from '@aistore-ts/core/object/version-name.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Bench,
  createBench,
  getText,
  listNames,
  md5,
  put,
} from '../../testing/mountpath-bench.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(() => bench.end())

const objects = () => `${bench.path}/@ais/bench/%ob`

function damageCatalog(how: 'remove' | 'overwrite' | 'cut'): void {
  const catalog = `${bench.path}/.ais/catalog.db`
  if (how === 'remove') rmSync(catalog)
  if (how === 'overwrite') writeFileSync(catalog, 'no database at all'.repeat(1_000))
  if (how === 'cut') {
    const fd = bench.files.openSync(catalog, 'update')
    bench.files.truncateSync(fd, bench.files.fstatSync(fd).sizeBytes - 4_096)
    bench.files.closeSync(fd)
  }
}

describe('a file without a row', () => {
  it('is no object until a rescan adopts it', async () => {
    const mountpath = await bench.open()
    mkdirSync(`${objects()}/sub`)
    writeFileSync(`${objects()}/sub/copied`, 'copied in')
    symlinkSync('/etc/hostname', `${objects()}/link`)
    expect(mountpath.load(bench.bucket, 'sub/copied')).toBeUndefined()
    expect(() => mountpath.open(bench.bucket, 'sub/copied')).toThrow()
    expect(await mountpath.remove(bench.bucket, 'sub/copied', 'process')).toBe(false)

    bench.clock.advance(20_000)
    expect(await mountpath.rescan()).toBe(1)
    expect(await mountpath.rescan()).toBe(0)
    expect(listNames(mountpath, bench.bucket)).toEqual(['sub/copied'])
    expect(await getText(mountpath, bench.bucket, 'sub/copied')).toBe('copied in')
    const meta = mountpath.load(bench.bucket, 'sub/copied')
    expect(meta?.checksum.value).toBe(md5(new TextEncoder().encode('copied in')).value.slice(0, 16))
  })

  it('is left alone while it is young, also when its time was set back, and looked at later', async () => {
    const mountpath = await bench.open()
    writeFileSync(`${objects()}/young`, 'still being written')
    utimesSync(`${objects()}/young`, 1_000, 1_000)
    expect(await mountpath.rescan()).toBe(0)
    expect(mountpath.load(bench.bucket, 'young')).toBeUndefined()
    bench.clock.advance(30_000)
    // The walk that waits joins this one; its own come after.
    await mountpath.rescan()
    expect(await getText(mountpath, bench.bucket, 'young')).toBe('still being written')
  })

  it('stays deleted while the tombstone of its name is there', async () => {
    const mountpath = await bench.open({ limits: { intentDelayMs: 3_600_000, reserveBytes: 0 } })
    await put(mountpath, bench.bucket, 'x', 'deleted')
    await mountpath.remove(bench.bucket, 'x', 'process')
    // As if the unlink had not reached the disk.
    writeFileSync(`${objects()}/x`, 'deleted')
    bench.clock.advance(20_000)
    writeFileSync(`${objects()}/x`, 'deleted')
    expect(mountpath.load(bench.bucket, 'x')).toBeUndefined()
    await mountpath.rescan()
    expect(mountpath.load(bench.bucket, 'x')).toBeUndefined()
  })
})

describe('a catalog', () => {
  it.each(['remove', 'overwrite', 'cut'] as const)(
    'is rebuilt from the files (%s)',
    async (how) => {
      const first = await bench.open()
      for (let i = 0; i < 50; i++) await put(first, bench.bucket, `dir/${i}`, `content ${i}`)
      await first.close()
      damageCatalog(how)
      if (how === 'cut') {
        // Only after an unclean stop is every page read.
        const catalog = `${bench.path}/.ais/catalog.db`
        expect(bench.files.lstatSync(catalog)).toBeDefined()
      }
      bench.clock.advance(20_000)
      const second = await bench.open()
      expect(second.id).toBe(first.id)
      expect(second.buckets()).toEqual([bench.bucket])
      expect(listNames(second, bench.bucket)).toHaveLength(50)
      expect(await getText(second, bench.bucket, 'dir/7')).toBe('content 7')
      await second.close()
      const entries = await bench.files.readDirectory(`${bench.path}/.ais`)
      const aside = entries.filter(({ name }) => name.includes('.damaged-'))
      expect(aside.length > 0).toBe(how !== 'remove')
    },
  )

  it('that is rebuilt knows versions of a key and delete markers', async () => {
    const first = await bench.open()
    const order = (at: number) => `${at}`.padStart(32, '0')
    const rows = [
      'k',
      versionRow({ key: 'k', order: order(3), kind: 'marker' }),
      versionRow({ key: 'k', order: order(2), kind: 'version' }),
      versionRow({ key: `long/${'k'.repeat(900)}/../x`, order: order(1), kind: 'null' }),
    ]
    for (const row of rows) {
      const isMarker = parseVersionRow(row)?.kind === 'marker'
      await put(first, bench.bucket, row, isMarker ? '' : `content of ${row}`)
    }
    await first.close()
    damageCatalog('remove')
    bench.clock.advance(20_000)
    const second = await bench.open()
    expect(listNames(second, bench.bucket)).toEqual(rows)
    for (const row of rows) {
      const isMarker = parseVersionRow(row)?.kind === 'marker'
      expect(await getText(second, bench.bucket, row)).toBe(isMarker ? '' : `content of ${row}`)
    }
  })

  it('of a newer program is refused', async () => {
    const mountpath = await bench.open()
    await mountpath.close()
    const { openSqlite } = await import('@aistore-ts/runtime-adapters/node/sqlite.ts')
    const db = openSqlite(`${bench.path}/.ais/catalog.db`)
    db.exec('PRAGMA user_version = 1000')
    db.close()
    await expect(bench.open()).rejects.toMatchObject({ code: 'ErrUnsupp' })
  })
})
