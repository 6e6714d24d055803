import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendArchive } from './append-archive.ts'
import type { ArchiveLimits } from './archive-guard.ts'
import type { ArchiveFormat } from './formats.ts'
import { packLz4 } from './lz4-frame.ts'
import { memberMatcher } from './member-matcher.ts'
import { openArchive } from './open-archive.ts'
import { TakenRanges } from './taken-ranges.ts'
import {
  benchPlatform,
  bytesOf,
  chunksOf,
  fileOf,
  guardOf,
  membersOf,
  readAll,
} from './testing/archive-bench.ts'
import { end, header, long, octal, record, tar } from './testing/hostile-tar.ts'
import { zip } from './testing/hostile-zip.ts'
import { writeArchive } from './write-archive.ts'

const formats: readonly ArchiveFormat[] = ['.tar', '.tgz', '.zip', '.tar.lz4']
const files: [string, string][] = [
  ['first', 'a'.repeat(700)],
  ['second', 'b'],
  ['third', 'c'.repeat(1_500)],
]
const badNames = ['../x', 'a/../../x', '/etc/passwd', '..', 'a\\b', '', `${'n'.repeat(4_097)}`]

const packed = async (format: ArchiveFormat, some = files) =>
  bytesOf(writeArchive(benchPlatform, format, membersOf(some)))

const refused = (
  bytes: Uint8Array,
  format: ArchiveFormat,
  why: RegExp,
  limits: Partial<ArchiveLimits> = {},
) => expect(readAll(bytes, format, guardOf(limits))).rejects.toThrow(why)

describe('X03: hostile members', () => {
  it.each(badNames)('the name %j is not read', async (name) => {
    const pax = long('x', record(`path=${name}`))
    if (name !== '') await refused(tar(pax, header({})), '.tar', /invalid name in archive/)
    const gnu = long('L', Buffer.from(`${name}\0`))
    await refused(tar(gnu, header({})), '.tar', /invalid name in archive/)
    await refused(zip([{ name, body: Buffer.from('x') }]), '.zip', /name/)
  })

  it.each(badNames)('the name %j is not written', async (name) => {
    for (const format of formats) {
      await expect(packed(format, [[name, 'x']])).rejects.toThrow(/invalid name in archive/)
    }
  })

  it.each([
    ['a negative size', header({ size: Buffer.from('ff'.repeat(12), 'hex') }), /negative/],
    [
      'a size beyond 2^53',
      header({ size: Buffer.from(`80${'ff'.repeat(11)}`, 'hex') }),
      /too large/,
    ],
    ['a size that is no number', header({ size: '0000000009x' }), /octal/],
    ['a wrong checksum', header({ sum: false }), /checksum/],
    [
      'a long name of more than 1 MiB',
      header({ type: 'L', size: octal(1024 * 1024 + 1) }),
      /long-name header/,
    ],
    [
      'a pax header of more than 1 MiB',
      header({ type: 'x', size: octal(1024 * 1024 + 1) }),
      /long-name header/,
    ],
    [
      'a pax record that lies about its length',
      long('x', Buffer.from('99 path=x\n')),
      /pax header is malformed/,
    ],
    [
      'a pax size that is no number',
      Buffer.concat([long('x', record('size=-5')), header({})]),
      /states the size/,
    ],
    ['a pax header without a file', long('x', record('path=x')), /has no file/],
    [
      'sparse files',
      Buffer.concat([long('x', record('GNU.sparse.major=1')), header({})]),
      /sparse/,
    ],
  ])('tar: %s', async (_title, blocks, why) => {
    await refused(tar(blocks), '.tar', why)
  })

  it('links, devices, FIFOs and folders are neither read nor followed', async () => {
    const odd = ['1', '2', '3', '4', '5', '6'].map((type) =>
      header({ name: '/etc/passwd', type, size: octal(512) }),
    )
    const bytes = tar(...odd, header({ name: 'file' }))
    expect(await readAll(bytes, '.tar')).toEqual([['file', '']])
  })

  it('a name given twice is told twice', async () => {
    const twice: [string, string][] = [
      ['same', '1'],
      ['same', '2'],
    ]
    for (const format of formats)
      expect(await readAll(await packed(format, twice), format)).toEqual(twice)
  })

  const body = Buffer.from('0123456789')
  const bomb = deflateRawSync(Buffer.alloc(100_000))
  it.each([
    [
      'overlapping entries',
      zip([
        { name: 'a', body },
        { name: 'b', body, offset: 5 },
      ]),
      /overlap/,
    ],
    [
      'the same bytes twice',
      zip([
        { name: 'a', body },
        { name: 'b', body, offset: 0 },
      ]),
      /overlap/,
    ],
    [
      'content in the directory',
      zip([{ name: 'a', body, offset: 60 }]),
      /beyond the central directory/,
    ],
    [
      'another name in the local header',
      zip([{ name: 'a', body, localName: 'b' }]),
      /another name/,
    ],
    ['stored with two sizes', zip([{ name: 'a', body, size: 9 }]), /two sizes/],
    ['longer than it says', zip([{ name: 'a', body: bomb, method: 8, size: 10 }]), /longer than/],
    [
      'shorter than it says',
      zip([{ name: 'a', body: bomb, method: 8, size: 1_000_000 }]),
      /shorter than/,
    ],
    ['a wrong CRC-32', zip([{ name: 'a', body, crc: 1 }]), /CRC-32/],
    ['an unknown method', zip([{ name: 'a', body, method: 12 }]), /method 12/],
    ['encrypted', zip([{ name: 'a', body, flags: 9 }]), /encrypted/],
    [
      'no DEFLATE',
      zip([{ name: 'a', body: Buffer.from('nonsense'), method: 8, size: 9 }]),
      /malformed/,
    ],
    [
      'zip64 sizes beyond the file',
      zip([{ name: 'a', body }], { wide: 2n ** 40n }),
      /beyond the central directory/,
    ],
    ['zip64 sizes beyond 2^53', zip([{ name: 'a', body }], { wide: 2n ** 60n }), /too large/],
    [
      'more entries than there are',
      zip([{ name: 'a', body }], { entries: 50_000 }),
      /more entries/,
    ],
    [
      'fewer entries than there are',
      zip([{ name: 'a', body }], { entries: 0 }),
      /longer than its entries/,
    ],
    ['no end', new Uint8Array(100), /end record/],
  ])('zip: %s', async (_title, bytes, why) => {
    await refused(bytes, '.zip', why)
  })

  it('sees every overlap, in whatever order the entries come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 20 })), { maxLength: 20 }),
        (ranges) => {
          const taken = new TakenRanges()
          const kept: [number, number][] = []
          for (const [from, length] of ranges) {
            const to = from + length
            const overlaps = kept.some(([a, b]) => from < b && a < to)
            expect(taken.take(from, to)).toBe(!overlaps)
            if (!overlaps) kept.push([from, to])
          }
        },
      ),
    )
  })

  it('any bytes are an archive or an error of the caller, and nothing else', async () => {
    for (const format of formats) {
      const good = await packed(format)
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
          async (changes) => {
            const bad = Uint8Array.from(good)
            for (const [at, byte] of changes) bad[at] = byte
            await readAll(bad, format).catch((error: unknown) => {
              expect(error).toMatchObject({
                code: expect.stringMatching(/^Err(BadRequest|TooLarge)$/),
              })
            })
          },
        ),
        { numRuns: 60 },
      )
    }
  })
})

describe('X04: bombs', () => {
  const zeros = Buffer.alloc(8_000_000)
  const one = Buffer.concat([header({ size: octal(zeros.length) }), zeros, end])
  const bombs = async (): Promise<[ArchiveFormat, Uint8Array][]> => [
    ['.tgz', gzipSync(one)],
    ['.tar.lz4', await bytesOf(packLz4(chunksOf(new Uint8Array(one), 100_000)))],
    ['.zip', zip([{ name: 'a', body: deflateRawSync(zeros), method: 8, size: zeros.length }])],
  ]

  it('archive.ratio_max ends them', async () => {
    for (const [format, bytes] of await bombs()) {
      await refused(bytes, format, /archive\.ratio_max/, {
        ratioMax: 100,
        ratioAfterBytes: 1_000_000,
      })
    }
  })

  it('archive.scan_bytes_max ends them', async () => {
    for (const [format, bytes] of await bombs()) {
      await refused(bytes, format, /archive\.scan_bytes_max/, { scanBytesMax: 2_000_000 })
    }
  })

  it('archive.members_max ends a scan', async () => {
    const many = Array.from({ length: 50 }, (_, i): [string, string] => [`f${i}`, ''])
    for (const format of formats) {
      await refused(await packed(format, many), format, /archive\.members_max/, { membersMax: 49 })
    }
  })

  it('what is nested stays packed', async () => {
    const inner = Buffer.from(await packed('.tgz')).toString('latin1')
    const outer = await packed('.tgz', [['inner.tgz', inner]])
    expect(await readAll(outer, '.tgz')).toEqual([['inner.tgz', inner]])
  })

  it('honest archives of ratio 1,032 pass', async () => {
    expect(await readAll(gzipSync(one), '.tgz', guardOf({ ratioAfterBytes: 1_000 }))).toHaveLength(
      1,
    )
  })

  it('a scan gives the loop back and stops when the client goes', async () => {
    for (const [format, bytes] of await bombs()) {
      const client = new AbortController()
      let turns = 0
      const guard = guardOf({}, client.signal, async () => {
        turns += 1
        if (turns === 3) client.abort(new Error('the client is gone'))
      })
      await expect(readAll(bytes, format, guard)).rejects.toThrow('the client is gone')
      expect(turns).toBe(3)
    }
  })
})

describe('X05: cut and damaged archives', () => {
  it('tar: cut at every block, the member is named', async () => {
    const whole = await packed('.tar')
    for (let at = 0; at < whole.length - 1_024; at += 512) {
      await refused(
        whole.subarray(0, at),
        '.tar',
        at < 512 ? /at its start/ : /member "(first|second|third)"/,
      )
    }
  })

  it('the rest: cut anywhere, there is an error', async () => {
    for (const format of ['.tgz', '.zip', '.tar.lz4'] as const) {
      const whole = await packed(format)
      for (let at = 0; at < whole.length - 30; at += 7) {
        await expect(
          readAll(whole.subarray(0, at), format),
          `${format} cut at ${at}`,
        ).rejects.toMatchObject({
          code: 'ErrBadRequest',
        })
      }
    }
  })

  it('nothing is appended to a damaged archive', async () => {
    for (const format of formats) {
      const whole = await packed(format)
      const cut = whole.subarray(0, whole.length - (format === '.zip' ? 1 : 900))
      const append = appendArchive(
        benchPlatform,
        fileOf('shard', cut),
        format,
        membersOf([['x', 'y']]),
        guardOf(),
      )
      await expect(append).rejects.toMatchObject({ code: 'ErrBadRequest' })
    }
  })

  it('what is appended stands behind what was there', async () => {
    for (const format of formats) {
      const whole = await packed(format)
      const more: [string, string][] = [
        ['x', 'y'.repeat(600)],
        ['z', ''],
      ]
      const appended = await appendArchive(
        benchPlatform,
        fileOf('shard', whole),
        format,
        membersOf(more),
        guardOf(),
      )
      expect(await readAll(await bytesOf(appended), format)).toEqual([...files, ...more])
    }
  })

  it('a reader that is closed early leaves nothing behind', async () => {
    for (const format of formats) {
      const reader = openArchive(
        benchPlatform,
        fileOf('shard', await packed(format)),
        format,
        guardOf(),
      )
      expect((await reader.next())?.name).toBe('first')
      await reader.close()
      await reader.close()
    }
  })
})

describe('X06: expressions of users', () => {
  it.each(['(a+)+$', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*a){25}b', '(x+x+)+y'])(
    '%s takes time linear in the name',
    (pattern) => {
      const matches = memberMatcher(pattern, 'regexp')
      // A backtracking engine would not come back from any of these.
      expect(matches(`${'a'.repeat(4_000)}!`)).toBe(false)
      expect(matches('x'.repeat(4_000))).toBe(false)
    },
  )

  it('is Go’s syntax', () => {
    expect(memberMatcher('(?i)^IMG_\\d+\\.(jpg|png)$', 'regexp')('img_042.JPG')).toBe(true)
    expect(memberMatcher('\\pL+\\z', 'regexp')('日本')).toBe(true)
    expect(() => memberMatcher('(?=a)', 'regexp')).toThrow(/archregx/)
    expect(() => memberMatcher('(a)\\1', 'regexp')).toThrow(/archregx/)
    expect(() => memberMatcher('a'.repeat(4_097), 'regexp')).toThrow(/archregx/)
    expect(() => memberMatcher('a{1,1001}', 'regexp')).toThrow(/archregx/)
  })
})
