import fc from 'fast-check'
import { unpack } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../algorithms/hex.ts'
import type { ListEntry } from '../object/list-entry.ts'
import { decodeListPage, encodeListPage } from './msgpack.ts'
import { MsgpackReader } from './msgpack-reader.ts'
import { encodeStatus } from './msgpack-status.ts'
import { MsgpackWriter } from './msgpack-writer.ts'

const hexOf = (bytes: Uint8Array) => toHex(bytes)
const bytesOf = (hex: string) => fromHex(hex.replaceAll(' ', '')) ?? new Uint8Array()

function written(write: (out: MsgpackWriter) => void): Uint8Array {
  const out = new MsgpackWriter()
  write(out)
  return out.finish().slice()
}

describe('a listing page', () => {
  it('has the bytes upstream sends', () => {
    const page = {
      uuid: 'abc',
      token: '',
      entries: [{ name: 'a', sizeBytes: 5, flags: 64 }],
      flags: 0,
    }
    const hex =
      '84a45555494 4a3616263b1436f6e74696e756174696f6e546f6b656ea0a7456e747269657391' +
      '83a16ea161a17305a16640a5466c61677300'
    expect(hexOf(encodeListPage(page))).toBe(hex.replaceAll(' ', ''))
    expect(decodeListPage(bytesOf(hex))).toEqual(page)
  })

  it("writes every field in upstream's order, sizes as signed integers", () => {
    const entry: ListEntry = {
      name: 'dir/f01',
      checksum: '90619767596c5506',
      atime: '22 Nov 26 20:10 UTC',
      version: '1',
      location: 't[tygXFt8081]:mp[/data/c/1/mp2/1, vda, add]',
      custom: '[k:v]',
      sizeBytes: 1000,
      copies: 1,
      flags: 64,
    }
    const page = { uuid: '', token: '', entries: [entry], flags: 1 }
    const hex = hexOf(encodeListPage(page))
    expect(hex).toContain(
      '89a16ea76469722f663031a26373b0393036313937363735393663353530 36a161b3'.replaceAll(' ', ''),
    )
    expect(hex).toContain('a173d103e8a16301a16640a5466c61677301')
    expect(decodeListPage(bytesOf(hex))).toEqual(page)
  })

  it('leaves out what is empty, never the name', () => {
    const entry = { name: '', version: '', sizeBytes: 0, copies: 0, flags: 0 }
    expect(hexOf(encodeListPage({ uuid: '', token: '', entries: [entry], flags: 0 }))).toContain(
      '9181a16ea0a5',
    )
  })

  it('round-trips, and another decoder reads the same', () => {
    const text = fc.option(fc.string({ unit: 'binary', minLength: 1 }), { nil: undefined })
    const count = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: undefined })
    const entry = fc.record({
      name: fc.string({ unit: 'binary', maxLength: 400 }),
      checksum: text,
      atime: text,
      version: text,
      location: text,
      custom: text,
      sizeBytes: count(Number.MAX_SAFE_INTEGER),
      copies: count(32),
      flags: fc.nat(0xffff),
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.string(), (entries, token) => {
        const bytes = encodeListPage({ uuid: 'u', token, entries, flags: 1 })
        expect(decodeListPage(bytes)).toEqual({ uuid: 'u', token, entries, flags: 1 })
        const other = unpack(bytes)
        expect(other.ContinuationToken).toBe(token)
        expect(other.Entries.map((e: { n: string }) => e.n)).toEqual(entries.map((e) => e.name))
      }),
    )
  })

  it('takes keys in any order, unknown ones, and absent entries', () => {
    const bytes = written((out) => {
      out.map(5)
      out.str('Flags')
      out.uint(1)
      out.str('New')
      out.array(1)
      out.float(1.5)
      out.str('Entries')
      out.nil()
      out.str('UUID')
      out.str('u')
      out.str('ContinuationToken')
      out.str('t')
    })
    expect(decodeListPage(bytes)).toEqual({ uuid: 'u', token: 't', entries: [], flags: 1 })
  })
})

describe('integers', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, 'd10080'],
    [32767, 'd17fff'],
    [32768, 'd200008000'],
    [2147483648, 'd30000000080000000'],
    [-1, 'ff'],
    [-33, 'd0df'],
    [-129, 'd1ff7f'],
    [9223372036854775808n, 'cf8000000000000000'],
    [-9223372036854775808n, 'd38000000000000000'],
  ])('int %s is %s', (value, hex) => {
    expect(hexOf(written((out) => out.int(value)))).toBe(hex)
    expect(new MsgpackReader(bytesOf(hex)).value()).toBe(value)
  })

  it.each([
    [200, 'ccc8'],
    [256, 'cd0100'],
    [65536, 'ce00010000'],
  ])('uint %i is %s', (value, hex) => {
    expect(hexOf(written((out) => out.uint(value)))).toBe(hex)
    expect(new MsgpackReader(bytesOf(hex)).value()).toBe(value)
  })

  it('has 64 bits and no more', () => {
    expect(() => new MsgpackWriter().int(1n << 64n)).toThrow(RangeError)
  })
})

describe('hostile bytes', () => {
  it.each([
    ['', 'unexpected end'],
    ['dfffffffff', 'unexpected end'],
    ['81', 'unexpected end'],
    ['81a755', 'unexpected end'],
    ['90', 'expected a map'],
    ['81a455554944c0', 'expected a string'],
    ['81a455554944a1ff', 'UTF-8'],
    ['80c0', 'trailing'],
    ['81a17ac1', 'unsupported'],
    [`81a17a${'91'.repeat(70)}c0`, 'too deep'],
    ['81a5466c616773cfffffffffffffffff', '2^53'],
  ])('%s is refused', (hex, why) => {
    expect(() => decodeListPage(bytesOf(hex))).toThrow(why)
  })

  it('never end in anything but an answer or ErrBadRequest', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodeListPage(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ErrBadRequest' })
        }
      }),
    )
  })
})

describe('encodeStatus', () => {
  it('writes what is absent as empty where Go expects a map or a list', () => {
    const bytes = encodeStatus('node_stats', {
      capacity: { mountpaths: null },
    })
    expect(hexOf(bytes)).toBe('81a17881a16d80')
    const disks = encodeStatus('disk', { mountpaths: { '/p': { disks: null } } })
    expect(hexOf(disks)).toContain('a16490')
  })

  it("uses upstream's short keys and plain numbers", () => {
    const bytes = encodeStatus('node_status', {
      status: '',
      snode: {
        daemon_id: 'VCft8081',
        id_digest: 12656949924523221103n,
        pub_extra: undefined,
        verifying_key: 'AQI=',
      },
      tracker: { 'get.n': 12, load: 0.5 },
      capacity: {
        mountpaths: {
          '/p': { used: '4096', avail: '1', pct_used: 3, fs: { FsID: '66306,-1' }, disks: ['vda'] },
        },
        total_used: '1',
      },
      cluster: { smap: { uuid: 'x', version: '12' }, flags: 6 },
      sys_info: { mem_used: 1, pct_mem_used: 2, load_avg: { One: 0, Five: 0.5 } },
      smap_version: '12',
      unknown: 1,
    })
    const read = new MsgpackReader(bytes).value()
    expect(read).toEqual(
      new Map<string, unknown>([
        ['s', ''],
        [
          'n',
          new Map<string, unknown>([
            ['i', 'VCft8081'],
            ['g', 12656949924523221103n],
            ['v', Uint8Array.of(1, 2)],
          ]),
        ],
        [
          't',
          new Map([
            ['get.n', 12],
            ['load', 0.5],
          ]),
        ],
        [
          'x',
          new Map<string, unknown>([
            [
              'm',
              new Map([
                [
                  '/p',
                  new Map<string, unknown>([
                    ['f', new Map([['i', [66306, -1]]])],
                    ['d', ['vda']],
                    [
                      'Capacity',
                      new Map([
                        ['u', 4096],
                        ['a', 1],
                        ['p', 3],
                      ]),
                    ],
                  ]),
                ],
              ]),
            ],
            ['u', 1],
          ]),
        ],
        [
          'c',
          new Map<string, unknown>([
            [
              's',
              new Map<string, unknown>([
                ['UUID', 'x'],
                ['Version', 12],
              ]),
            ],
            ['f', 6],
          ]),
        ],
        [
          'y',
          new Map<string, unknown>([
            ['u', 1],
            ['p', 2],
            [
              'l',
              new Map([
                ['o', 0],
                ['f', 0.5],
              ]),
            ],
          ]),
        ],
        ['w', 12],
      ]),
    )
    expect(hexOf(bytes)).toContain('a16fcb0000000000000000')
  })
})
