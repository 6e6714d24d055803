import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setUp } from './set-up.ts'

// Each test has buckets and files of its own: they run side by side, since most of the time goes into starting programs.
describe.concurrent('the ais command and a cluster', { timeout: 180_000 }, () => {
  let world: Awaited<ReturnType<typeof setUp>>

  beforeAll(async () => {
    world = await setUp()
  })

  afterAll(() => world.tearDown())

  it('creates, shows and removes buckets', async () => {
    const { ais, fails, cells } = world
    expect(await ais('create ais://one two')).toBe('"ais://one" created\n"ais://two" created\n')
    expect(await fails('create ais://one')).toBe('Error: Bucket "ais://one" already exists\n')
    expect(await ais('create ais://one --ignore-error')).toContain('already exists')
    expect(await fails('create ais://bad..name')).toContain('"ais://bad..name" is invalid')
    const list = cells(await ais('ls ais:'))
    expect(list[0]).toEqual(['NAME', 'PRESENT'])
    expect(list).toContainEqual(['ais://one', 'yes'])
    await ais('put - ais://two/o', 'content')
    expect(await ais('rmb ais://two', 'n\n')).toContain('Operation canceled.')
    expect(await ais('rmb ais://one ais://two -y')).toBe(
      '"ais://one" destroyed\n"ais://two" destroyed\n',
    )
    await ais('create ais://#space/in')
    for (const space of ['#space', 'ais://#space', 'ais://#space/']) {
      expect(cells(await ais(`ls ${space}`))[1]).toEqual(['ais://#space/in', 'yes'])
    }
    expect(await ais('ls ais://#other')).toContain('No "ais://#other" buckets in the cluster.')
    expect(await fails('ls @nobody --all')).toContain('remote cluster "nobody" does not exist')
    await ais('rmb ais://#space/in -y')
    expect(await fails('rmb ais://one')).toBe('Error: bucket "ais://one" does not exist\n')
    expect(await ais('rmb ais://one --ignore-error')).toBe('')
  })

  it('puts and gets a file, a range, standard input and output', async () => {
    const { cells, dir, run, ais, fails } = world
    await ais('create ais://files')
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251))
    await writeFile(join(dir, 'f.bin'), bytes)
    expect(await ais('put f.bin ais://files')).toBe(
      `PUT "${join(dir, 'f.bin')}" => ais://files/f.bin\n\n`,
    )
    expect(await ais('put f.bin ais://files/named --compute-checksum')).toContain(
      'ais://files/named',
    )
    expect(await ais('get ais://files/named back.bin')).toBe(
      'GET named from ais://files as back.bin (292.97KiB)\n',
    )
    expect(Buffer.compare(await readFile(join(dir, 'back.bin')), bytes)).toBe(0)
    const cat = await run(['object', 'cat', 'ais://files/f.bin'])
    expect(Buffer.compare(cat.bytes, bytes)).toBe(0)
    const part = await run(['get', 'ais://files/f.bin', '-', '--offset', '1000', '--length', '500'])
    expect(Buffer.compare(part.bytes, bytes.subarray(1000, 1500))).toBe(0)
    await ais('get ais://files/f.bin by-ranges.bin --mpd --chunk-size 64kib --num-workers 3')
    expect(Buffer.compare(await readFile(join(dir, 'by-ranges.bin')), bytes)).toBe(0)
    await ais('put f.bin ais://files/chunked --chunk-size 100kib')
    await ais('get ais://files/chunked chunked.bin --checksum')
    expect(Buffer.compare(await readFile(join(dir, 'chunked.bin')), bytes)).toBe(0)
    await ais('put - ais://files/typed', 'from a pipe')
    expect(await ais('get ais://files/typed -')).toBe('from a pipe')

    expect(await fails('put nowhere ais://files')).toContain('"nowhere" is not a directory')
    expect(await fails('put f.bin ais://nobucket')).toContain('"ais://nobucket" does not exist')
    expect(await fails('get ais://files/none x')).toBe(
      'Error: object "ais://files/none" does not exist\n',
    )
    expect(await fails('put f.bin ais://files/x --crc32c 00000000')).toContain('BAD DATA CHECKSUM')
    expect(cells(await ais('ls ais://files --name-only -H')).flat()).not.toContain('x')
    expect((await readdir(dir)).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('puts a tree with progress and gets it back', async () => {
    const { dir, run, ais, cells, makeTree } = world
    const files: Record<string, string> = { 'a.txt': 'a', empty: '', 'sub/b.txt': 'bb' }
    for (let i = 0; i < 50; i++) files[`sub/deep/${i}.dat`] = `content ${i}\n`.repeat(i)
    const tree = await makeTree('tree', files)
    await ais('create ais://tree')
    const put = await ais(`put ${tree} ais://tree/copy/ -r -y --progress`)
    expect(put).toContain('Uploaded files: ')
    expect(put).toContain('53/53')
    expect(cells(put)).toContainEqual(['TOTAL', '53', expect.any(String)])

    const names = (await ais('ls ais://tree --name-only -H')).split('\n').map((name) => name.trim())
    const wanted = Object.keys(files)
      .map((name) => `copy/${name}`)
      .sort()
    expect(names.filter((name) => name.startsWith('copy/'))).toEqual(wanted)
    expect(await ais('ls ais://tree --count-only')).toMatch(/^Listed 53 names in /)

    await mkdir(join(dir, 'back'))
    const got = await run(['get', 'ais://tree', '--prefix', 'copy/', join(dir, 'back'), '-y'])
    expect(got).toMatchObject({ code: 0, err: '' })
    for (const [path, text] of Object.entries(files)) {
      const back = await readFile(join(dir, 'back', 'copy', path))
      expect({ path, text: back.toString() }).toEqual({ path, text })
    }
    await ais(`put ${tree}/*.dat ais://tree/only/ -r -y`)
    expect(await ais('ls ais://tree/only/ --count-only')).toMatch(/^Listed 50 names/)
  })

  it('lists with every main flag', async () => {
    const { ais, fails, cells, makeTree } = world
    await ais('create ais://listed')
    const tree = await makeTree('listed', {
      a: '1',
      'b/1': '22',
      'b/2': '333',
      'c/d/e': '4444',
      f01: '',
      f02: '',
    })
    await ais(`put ${tree} ais://listed -r -y`)
    const names = async (flags: string) =>
      cells(await ais(`ls ais://listed ${flags} -H`)).map(([name]) => name)
    const all = ['a', 'b/1', 'b/2', 'c/d/e', 'f01', 'f02']
    expect(await names('--name-only')).toEqual(all)
    expect(await names('--prefix b/')).toEqual(['b/1', 'b/2'])
    expect(await names('--nr')).toEqual(['b/', 'c/', 'a', 'f01', 'f02'])
    expect(await names('--limit 2')).toEqual(['a', 'b/1'])
    expect(await names('--start-after c/d/e')).toEqual(['f01', 'f02'])
    expect(await names('--template f{01..02}')).toEqual(['f01', 'f02'])
    expect(await names('--regex ^b')).toEqual(['b/1', 'b/2'])
    expect(await names('--page-size 2')).toEqual(all)
    expect(await names('--page-size 2 --paged --max-pages 1')).toEqual(['a', 'b/1'])

    const [head = [], first = []] = cells(await ais('ls ais://listed --props all'))
    const column = (title: string) => first[head.indexOf(title)]
    expect(column('NAME')).toBe('a')
    expect(column('SIZE')).toBe('1B')
    expect(column('VERSION')).toBe('1')
    expect(column('CHECKSUM')).toMatch(/^[0-9a-f]{16}$/)
    expect(column('LOCATION')).toMatch(/^t\[\w+\]:mp\[/)
    expect(cells(await ais('ls ais://listed --props size,version'))[0]).toEqual([
      'NAME',
      'SIZE',
      'VERSION',
    ])
    const summary = cells(await ais('ls ais://listed --summary'))
    expect(summary[1]?.slice(0, 3)).toEqual(['ais://listed', 'yes', '6 0'])
    expect(await fails('ls ais://listed --props nonsense')).toContain('nonsense')
    expect(await fails('ls ais://unlisted')).toContain('bucket "ais://unlisted" does not exist')
  })

  it('shows, marks, renames, copies, concatenates and removes objects', async () => {
    const { ais, fails, cells, makeTree } = world
    await ais('create ais://objects')
    await makeTree('pieces', { '1': 'one ', '2': 'two' })
    await ais('object concat pieces/1 pieces/2 ais://objects/both')
    expect(await ais('object cat ais://objects/both')).toBe('one two')
    await ais('object set-custom ais://objects/both k1=v1 k2=v2')
    const shown = new Map(
      cells(await ais('object show ais://objects/both --props all')).map(([k = '', v = '']) => [
        k,
        v,
      ]),
    )
    expect(shown.get('name')).toBe('ais://objects/both')
    expect(shown.get('size')).toBe('7B')
    expect(shown.get('version')).toBe('1')
    expect(shown.get('custom')).toContain('k1')
    expect(await ais('object mv ais://objects/both ais://objects/moved')).toBe(
      '"both" moved to "moved"\n',
    )
    await ais('object cp ais://objects/moved ais://objects/both')
    expect(await ais('object rm ais://objects/both')).toBe('deleted "both" from ais://objects\n')
    expect(await fails('object rm ais://objects/both')).toContain('does not exist')
    expect(await fails('object show ais://objects/both')).toBe(
      'Error: object "both" not found in ais://objects\n',
    )
    expect(await fails('object show ais://objects/moved --props nonsense')).toContain(
      'invalid property',
    )
    for (const name of ['x1', 'x2', 'x3', 'y/1']) await ais(`put - ais://objects/${name}`, name)
    await ais('rmo ais://objects --list x1 -y')
    await ais('rmo ais://objects --template x{2..2} -y')
    await ais('rmo ais://objects --prefix y/ -y')
    expect(cells(await ais('ls ais://objects --name-only -H')).flat()).toEqual(['moved', 'x3'])
  })

  it('uploads in parts', async () => {
    const { ais, fails, makeTree } = world
    await ais('create ais://mpu')
    await makeTree('parts', { '1': 'first ', '2': 'second' })
    const id = /Upload ID: (\S+)/.exec(await ais('mpu create ais://mpu/o'))?.[1] ?? ''
    await ais(`mpu put-part ais://mpu/o ${id} 2 parts/2`)
    await ais(`mpu put-part ais://mpu/o ${id} 1 parts/1`)
    await ais(`mpu complete ais://mpu/o ${id} 1,2`)
    expect(await ais('object cat ais://mpu/o')).toBe('first second')
    expect(await fails('mpu complete ais://mpu/o nonsense 1')).toContain('failed to complete')
    expect(await fails('mpu put-part ais://mpu/o nonsense 1 parts/1')).toContain(
      'failed to upload part',
    )
    expect(await fails('mpu put-part ais://mpu/o nonsense -1 parts/1')).toContain(
      'part number must be positive',
    )
  })

  it('sets, shows and resets bucket properties', async () => {
    const { ais, fails, cells } = world
    await ais('create ais://props')
    expect(await ais('bucket props set ais://props checksum.type=md5')).toBe(
      '"checksum.type" set to: "md5" (was: "xxhash2")\n\nBucket props successfully updated.\n',
    )
    expect(cells(await ais('bucket props show ais://props checksum.type'))[1]).toEqual([
      'checksum.type',
      'md5',
    ])
    expect(JSON.parse(await ais('show bucket ais://props --json'))).toMatchObject({
      checksum: { type: 'md5' },
    })
    await ais('bucket props reset ais://props')
    expect(await ais('bucket props show ais://props checksum.type -H')).toContain('xxhash2')
    expect(await fails('bucket props set ais://props nosuch.prop=1')).toContain(
      'unknown property "nosuch.prop"',
    )
    expect(await fails('bucket props set ais://props nosuch.prop')).toContain(
      'invalid property "nosuch.prop"',
    )
    expect(await fails('bucket props set ais://props provider=s3')).toContain('is readonly')
    expect(await fails('bucket props set ais://props checksum.type=bad')).toContain('"bad"')
    expect(await fails('bucket props set ais://props backend_bck=ais://x')).toContain(
      'backend bucket "ais://x" must be remote',
    )
    expect(await fails('bucket props set ais://props backend_bck=gcp://')).toContain(
      "invalid 'backend_bck=",
    )
  })

  it('shows the cluster, its nodes, disks and logs', async () => {
    const { server, dir, ais, fails } = world
    const shown = await ais('show cluster')
    expect(shown).toMatch(/^PROXY\t/)
    expect(shown).toMatch(/Targets:\s+2\b/)
    expect(shown).toContain(server.endpoint)
    const [target] = server.targets
    const id = target?.snode.daemonId ?? ''
    expect(await ais('show cluster smap')).toContain(`t[${id}]`)
    expect(await ais('show cluster bmd')).toContain('ais')
    expect(JSON.parse(await ais('show config cluster --json'))).toMatchObject({
      checksum: { type: 'xxhash2' },
    })
    const local = await ais(`config node ${id} local`)
    expect(local).toMatch(/host_net\.port_intra_control\s+\d+/)
    for (const command of ['storage mountpath', 'storage show capacity']) {
      expect(await ais(command)).toContain(id)
    }
    // A file system in memory has no disks.
    expect(await ais('storage disk')).toMatch(/^TARGET|No disks/)
    expect(await ais(`log show ${id}`)).toContain('started')
    expect(await ais(`log get ${id} log.txt`)).toContain('Done')
    expect(await readFile(join(dir, 'log.txt'), 'utf8')).toContain('started')
    await ais('cluster download-logs logs')
    const archives = await readdir(join(dir, 'logs'))
    expect(archives).toHaveLength(server.proxies.length + server.targets.length)
    const archive = await readFile(join(dir, 'logs', `${id}.tar.gz`))
    expect([...archive.subarray(0, 2)]).toEqual([0x1f, 0x8b])
    expect(await fails('show cluster nosuch')).toContain('nosuch')
  })

  it('says what is wrong with a command line, and exits 1', async () => {
    const { run, fails } = world
    expect(await fails('nosuchcmd')).toContain('unknown or misplaced "nosuchcmd"')
    expect(await fails('bucket copy ais://b')).toContain("Did you mean: 'ais bucket cp ais://b'?")
    expect(await fails('put')).toContain("Incorrect 'ais put' usage: missing")
    expect(await fails('create')).toContain("Incorrect 'ais create' usage: missing")
    expect(await fails('ls --nosuchflag')).toContain('flag provided but not defined: -nosuchflag')
    expect(await fails('get ais://b/o x --offset 3')).toContain('--length and --offset')
    const away = await run(['ls'], '', { AIS_ENDPOINT: 'http://127.0.0.1:1' })
    expect(away.code).toBe(1)
    expect(away.err).toContain('AIStore cannot be reached at http://127.0.0.1:1')
    expect((await run(['--version'])).out).toMatch(/^version /)
    expect((await run(['help'])).out).toContain('ALIAS')
  })
})
