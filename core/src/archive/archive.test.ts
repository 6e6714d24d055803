import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { ArchiveFormat } from './formats.ts'
import { packLz4, unpackLz4 } from './lz4-frame.ts'
import { openArchive } from './open-archive.ts'
import {
  benchPlatform,
  bytesOf,
  chunksOf,
  fileOf,
  guardOf,
  membersOf,
  readAll,
} from './testing/archive-bench.ts'
import { writeArchive } from './write-archive.ts'
import { xxHash32 } from './xxhash32.ts'

const formats: readonly ArchiveFormat[] = ['.tar', '.tgz', '.zip', '.tar.lz4']
const folder = mkdtempSync(join(tmpdir(), 'archive-'))
afterAll(() => rmSync(folder, { recursive: true }))

const python = (script: string, ...args: string[]) =>
  execFileSync('python3', ['-c', script, ...args], { cwd: folder }).toString()

const hasLz4 = spawnSync('lz4', ['--version']).status === 0
const hasPython = spawnSync('python3', ['--version']).status === 0

const longName = `${'deep/'.repeat(60)}name.txt`
const files: [string, string][] = [
  ['a.txt', 'hello'],
  ['empty', ''],
  ['dir/b.bin', 'x'.repeat(100_000)],
  [longName, 'long'],
  ['ünïcode/名.txt', 'u'],
  ['block', 'y'.repeat(512)],
]

describe('an archive', () => {
  for (const format of formats) {
    it(`${format}: what was written is read`, async () => {
      const bytes = await bytesOf(writeArchive(benchPlatform, format, membersOf(files)))
      expect(await readAll(bytes, format)).toEqual(files)
    })

    it(`${format}: any files`, async () => {
      const file = fc.tuple(
        fc.stringMatching(/^[a-z0-9é][a-z0-9é/ ]{0,300}[a-z]$/),
        fc.stringMatching(/^[a-c]{0,2000}$/),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(file, { maxLength: 5 }), async (some) => {
          const bytes = await bytesOf(writeArchive(benchPlatform, format, membersOf(some)))
          expect(await readAll(bytes, format)).toEqual(some)
        }),
        { numRuns: 20 },
      )
    })
  }

  for (const [format, mode] of [
    ['.tar', 'w'],
    ['.tgz', 'w:gz'],
  ] as const) {
    for (const dialect of ['USTAR', 'GNU', 'PAX']) {
      it.skipIf(!hasPython)(`${format} in ${dialect} of Python is read`, async () => {
        const name = dialect === 'USTAR' ? `${'d/'.repeat(60)}f` : longName
        python(
          `import tarfile,io,sys
t=tarfile.open('p.tar','${mode}',format=tarfile.${dialect}_FORMAT)
for n,b in (('./a',b'one'),(sys.argv[1],b'two')):
  i=tarfile.TarInfo(n); i.size=len(b); t.addfile(i,io.BytesIO(b))
i=tarfile.TarInfo('link'); i.type=tarfile.SYMTYPE; i.linkname='/etc/passwd'; t.addfile(i)
i=tarfile.TarInfo('dev'); i.type=tarfile.CHRTYPE; t.addfile(i)
t.close()`,
          name,
        )
        const found = await readAll(readFileSync(join(folder, 'p.tar')), format)
        expect(found).toEqual([
          ['./a', 'one'],
          [name, 'two'],
        ])
      })
    }
  }

  it.skipIf(!hasPython)('is read by Python in each format', async () => {
    for (const format of ['.tar', '.tgz', '.zip'] as const) {
      const bytes = await bytesOf(writeArchive(benchPlatform, format, membersOf(files)))
      writeFileSync(join(folder, 'ours'), bytes)
      const script =
        format === '.zip'
          ? `import zipfile,json
z=zipfile.ZipFile('ours'); assert z.testzip() is None
print(json.dumps([[n,z.read(n).decode('latin1')] for n in z.namelist()]))`
          : `import tarfile,json
t=tarfile.open('ours'); print(json.dumps([[m.name,t.extractfile(m).read().decode('latin1')] for m in t]))`
      expect(JSON.parse(python(script))).toEqual(files)
    }
  })

  it.skipIf(!hasPython)('.zip: deflated and zip64 by Python', async () => {
    python(`import zipfile
z=zipfile.ZipFile('d.zip','w',zipfile.ZIP_DEFLATED)
z.writestr('a','a'*100000); z.writestr('dir/',''); z.writestr('s','stored',zipfile.ZIP_STORED)
with z.open('w','w',force_zip64=True) as f: f.write(b'wide')
z.close()`)
    const found = await readAll(readFileSync(join(folder, 'd.zip')), '.zip')
    expect(found).toEqual([
      ['a', 'a'.repeat(100_000)],
      ['s', 'stored'],
      ['w', 'wide'],
    ])
  })

  it('.zip: more entries than 16 bits count', async () => {
    const many = Array.from({ length: 70_000 }, (_, i): [string, string] => [`f${i}`, ''])
    const bytes = await bytesOf(writeArchive(benchPlatform, '.zip', membersOf(many)))
    const reader = openArchive(benchPlatform, fileOf('shard', bytes), '.zip', guardOf())
    let count = 0
    while (await reader.next()) count += 1
    expect(count).toBe(70_000)
    if (!hasPython) return
    writeFileSync(join(folder, 'many.zip'), bytes)
    expect(python("import zipfile; print(len(zipfile.ZipFile('many.zip').namelist()))")).toBe(
      '70000\n',
    )
  })

  it('.tar: content that nobody reads is passed over, and where it lies is told', async () => {
    const bytes = await bytesOf(
      writeArchive(
        benchPlatform,
        '.tar',
        membersOf([
          ['a', 'x'.repeat(2_000_000)],
          ['b', 'find me'],
        ]),
      ),
    )
    const guard = guardOf()
    const reader = openArchive(benchPlatform, fileOf('shard', bytes), '.tar', guard)
    await reader.next()
    const member = await reader.next()
    const at = member?.offset ?? 0
    expect(Buffer.from(bytes.subarray(at, at + 7)).toString()).toBe('find me')
    expect(guard.scannedBytes).toBeLessThan(10_000)
  })
})

describe('LZ4', () => {
  it('hashes headers as published', () => {
    const text = (value: string) => new TextEncoder().encode(value)
    expect(xxHash32(text(''))).toBe(0x02cc5d05)
    expect(xxHash32(text('a'))).toBe(0x550d7456)
    expect(xxHash32(text('Nobody inspects the spammish repetition'))).toBe(0xe2293b2f)
  })

  const samples: [string, Uint8Array][] = [
    ['nothing', new Uint8Array(0)],
    ['few bytes', Buffer.from('hello hello hello hello hello hello')],
    ['zeros', new Uint8Array(3_000_000)],
    ['text', Buffer.from(Array.from({ length: 200_000 }, (_, i) => `line ${i % 977}\n`).join(''))],
    [
      'noise',
      Uint8Array.from(
        { length: 700_000 },
        (_, i) => Math.imul(i ^ (i >>> 3), 2_654_435_761) >>> 24,
      ),
    ],
  ]
  for (const [title, sample] of samples) {
    it.skipIf(!hasLz4)(`${title}: ours is read by lz4`, async () => {
      const packed = await bytesOf(packLz4(chunksOf(sample, 10_007)))
      writeFileSync(join(folder, 'ours.lz4'), packed)
      execFileSync('lz4', ['-d', '-f', '-q', 'ours.lz4', 'back'], { cwd: folder })
      expect(Buffer.compare(readFileSync(join(folder, 'back')), sample)).toBe(0)
      const own = await bytesOf(unpackLz4(chunksOf(packed, 4_099), guardOf()))
      expect(Buffer.compare(own, sample)).toBe(0)
    })

    for (const flags of [
      ['-1'],
      ['-9', '-BD'],
      ['-B4', '-BD', '-BX'],
      ['-B5', '--no-frame-crc'],
      ['-12', '--content-size'],
    ]) {
      it.skipIf(!hasLz4)(`${title}: lz4 ${flags.join(' ')} is read`, async () => {
        writeFileSync(join(folder, 'in'), sample)
        execFileSync('lz4', [...flags, '-f', '-q', 'in', 'theirs.lz4'], { cwd: folder })
        const packed = readFileSync(join(folder, 'theirs.lz4'))
        const own = await bytesOf(unpackLz4(chunksOf(packed, 65_536), guardOf()))
        expect(Buffer.compare(own, sample)).toBe(0)
      })
    }
  }

  it('a changed byte is an error or another result, never more than that', async () => {
    const sample = Buffer.from('abcabcabcabcabcabc'.repeat(50))
    const packed = await bytesOf(packLz4(chunksOf(sample)))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(packed.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const bad = Uint8Array.from(packed)
          bad[at] = (bad[at] ?? 0) ^ change
          await bytesOf(unpackLz4(chunksOf(bad), guardOf())).catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'ErrBadRequest' })
          })
        },
      ),
    )
  })
})
