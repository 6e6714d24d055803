import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packLz4 } from '@aistore-ts/core/archive/lz4-frame.ts'
import { bytesOf, chunksOf, readAll } from '@aistore-ts/core/archive/testing/archive-bench.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setUp } from './set-up.ts'

describe('shards by command', () => {
  let world: Awaited<ReturnType<typeof setUp>>

  beforeAll(async () => {
    world = await setUp()
    await world.ais('create ais://b')
  })

  afterAll(() => world.tearDown())

  it('makes shards of random files, in every format', async () => {
    const { ais, fails, cells } = world
    for (const extension of ['tar', 'tgz', 'zip', 'tar.lz4']) {
      const shards = `ais://gen/${extension}/s-{0..2}.${extension}`
      expect(await ais(`archive gen-shards ${shards} --fcount 2 --fsize 1000`)).toContain('3/3')
      const listed = cells(await ais(`archive ls ais://gen/${extension}/s-1.${extension} -H`))
      expect(listed).toHaveLength(3)
      expect(listed[1]?.[1]).toBe('1000B')
    }
    expect(await fails('archive gen-shards ais://gen/x-{0..1}.rar')).toContain('unknown filename')
    expect(await fails('archive gen-shards ais://gen/x.tar')).toContain('expecting {start..end}')
  })

  it('puts files into shards, and gets them', async () => {
    const { ais, fails, dir } = world
    await mkdir(join(dir, 'in/deep'), { recursive: true })
    for (const name of ['a.txt', 'b.txt', 'deep/c.txt']) {
      await writeFile(join(dir, 'in', name), `content of ${name}`)
    }
    const put = await ais('archive put in/a.txt ais://b/one.tar')
    expect(put).toContain('APPEND in/a.txt to ais://b/one.tar as "a.txt"')
    await ais('archive put in/b.txt ais://b/one.tar --archpath other --append')
    await ais('archive put in ais://b/one.tar -r -y --archpath tree/')
    expect(await ais('archive get ais://b/one.tar/other -')).toBe('content of b.txt')
    await ais('archive get ais://b/one.tar --archpath tree/deep/c.txt got')
    expect(await readFile(join(dir, 'got'), 'utf8')).toBe('content of deep/c.txt')
    const match = '--archregx tree/ --archmode prefix'
    expect(await ais(`archive get ais://b/one.tar ${match} matched.tar`)).toContain('GET')
    expect((await readFile(join(dir, 'matched.tar'))).toString('latin1')).toContain('tree/deep/c')
    expect(await fails('archive get ais://b/one.tar/nosuch -')).toContain('does not exist')
    expect(await fails('archive put in/a.txt ais://b/new.tar --append')).toContain('does not exist')
    expect(await fails('archive get ais://b/one.tar --archregx x --archmode y')).toContain(
      '--archmode',
    )
  })

  it('makes a shard of objects, and an archive of a batch', async () => {
    const { ais, dir } = world
    for (const name of ['o1', 'o2', 'o3']) {
      await writeFile(join(dir, name), `object ${name}`)
      await ais(`put ${name} ais://b/set/${name}`)
    }
    const text = await ais('archive bucket ais://b/set/o{1..3} ais://b/set.tar --wait')
    expect(text).toContain('Archived ais://b/set/o{1..3} => ais://b/set.tar')
    expect(await ais('archive get ais://b/set.tar/set/o2 -')).toBe('object o2')
    const batch = await ais('ml get-batch ais://b/set/o{1..3} batch.tar')
    expect(batch).toContain('Created ML batch archive batch.tar with 3 objects')
    expect((await readFile(join(dir, 'batch.tar'))).toString('latin1')).toContain('object o3')
    const spec = { in: [{ objname: 'set.tar', archpath: 'set/o1' }, { objname: 'set/o2' }] }
    await writeFile(join(dir, 'spec.json'), JSON.stringify(spec))
    await ais('ml get-batch ais://b batch.tar --spec spec.json -y --omit-src-bck')
    expect((await readFile(join(dir, 'batch.tar'))).toString('latin1')).toContain('object o1')
  })

  it('takes the request of a batch from the command line as well', async () => {
    const { ais, fails, dir } = world
    await ais('put - ais://b/inline', 'of the command line')
    await ais('ml get-batch ais://b in.tar --spec {"in":[{"objname":"inline"}]}')
    const found = await readAll(new Uint8Array(await readFile(join(dir, 'in.tar'))), '.tar')
    expect(found).toEqual([['b/inline', 'of the command line']])
    expect(await fails('ml get-batch ais://b in.tar --spec {"in":1}')).toContain('lacks "in"')
    await writeFile(
      join(dir, 'spec.yaml'),
      'in:\n  - objname: inline\n  - {objname: inline, bucket: b}\n',
    )
    await ais('ml get-batch ais://b yaml.tar --spec spec.yaml')
    await writeFile(join(dir, 'bad.yaml'), 'in:\n  - objname: [')
    expect(await fails('ml get-batch ais://b in.tar --spec bad.yaml')).toContain('nor YAML')
  })

  it('F12.22: makes archives of the cuts of a Lhotse manifest, plain and packed', async () => {
    const { ais, fails, dir } = world
    const count = 50
    await writeFile(join(dir, 'all.wav'), 'abcdefghij'.repeat(1_000))
    await ais('put all.wav ais://b/audio/all.wav')
    await ais('archive put all.wav ais://b/audio/s.tar --archpath in/all.wav')
    const cuts = Array.from({ length: count }, (_, at) => {
      const source = at % 2 === 0 ? 'ais://b/audio/all.wav' : 'ais://b/audio/s.tar/in/all.wav'
      const recording = at % 3 === 0 ? { path: source } : { sources: [{ source }] }
      return JSON.stringify({ id: `cut-${at}`, start: at / 10, duration: 0.005, recording })
    })
    const text = `${cuts.join('\n')}\n`
    await writeFile(join(dir, 'cuts.jsonl'), text)
    await writeFile(join(dir, 'cuts.jsonl.gz'), gzipSync(text))
    const frames = packLz4(chunksOf(new Uint8Array(Buffer.from(text))))
    await writeFile(join(dir, 'cuts.jsonl.lz4'), await bytesOf(frames))
    for (const manifest of ['cuts.jsonl', 'cuts.jsonl.gz', 'cuts.jsonl.lz4']) {
      const template = '--batch-size 10 --output-template cuts-{1..5}.tar'
      const said = await ais(
        `ml lhotse-get-batch --cuts ${manifest} --sample-rate 1000 ${template} -y`,
      )
      expect(said).toContain(`Generated 5 batches from ${count} cuts`)
      for (let batch = 1; batch <= 5; batch++) {
        const bytes = new Uint8Array(await readFile(join(dir, `cuts-${batch}.tar`)))
        const found = await readAll(bytes, '.tar')
        expect(found.map(([, content]) => content)).toEqual(Array(10).fill('abcde'))
        expect(found[1]?.[0]).toBe('b/audio/s.tar/in/all.wav')
      }
    }
    await ais('ml lhotse-get-batch --cuts cuts.jsonl whole.tar')
    const whole = await readAll(new Uint8Array(await readFile(join(dir, 'whole.tar'))), '.tar')
    expect(whole).toHaveLength(count)
    expect(whole[7]?.[1]).toHaveLength(10_000)
    const few = '--batch-size 10 --output-template few-{1..2}.tar'
    expect(await fails(`ml lhotse-get-batch --cuts cuts.jsonl ${few}`)).toContain('no name left')
    await writeFile(join(dir, 'bad.jsonl'), `${cuts[0]}\n{"id":"x"}\n`)
    expect(await fails('ml lhotse-get-batch --cuts bad.jsonl bad.tar')).toContain('line 2')
  })

  it('says what cannot be done', async () => {
    const { fails } = world
    expect(await fails('evict ais://b')).toContain('no remote backends')
    expect(await fails('object evict ais://b/o')).toContain('no remote backends')
    expect(await fails('prefetch ais://b')).toContain('expecting remote bucket (have ais://b)')
    expect(await fails('object promote in ais://b')).toContain('absolute path')
    expect(await fails('object promote /etc/passwd ais://b')).toContain('must be under')
    expect(await fails('ml get-batch ais://b/nosuch batch.tar -y')).toContain('does not exist')
    expect(await fails('ml get-batch ais://b/o batch.rar -y')).toContain('unknown filename')
  })
})
