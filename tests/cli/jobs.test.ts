import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Client } from '@aistore-ts/sdk/client.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setUp } from './set-up.ts'

describe('jobs by the ais command and by the SDK', { timeout: 180_000 }, () => {
  let world: Awaited<ReturnType<typeof setUp>>
  let source: Server
  let origin: string
  let client: Client

  beforeAll(async () => {
    const config = { downloader: { allow_cidrs: ['127.0.0.0/8'] } }
    world = await setUp({ targets: 2, config })
    client = new Client(world.server.endpoint)
    source = createServer(({ url = '' }, response) => {
      if (url.endsWith('none')) response.writeHead(404)
      response.end(`content of ${url}`)
    }).listen(0, '127.0.0.1')
    await once(source, 'listening')
    origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`
  })

  afterAll(async () => {
    client.close()
    source.closeAllConnections()
    source.close()
    await world.tearDown()
  })

  it('copies and waits; a listed object that is not there is told of', async () => {
    const { ais, fails, cells } = world
    await ais('create ais://from')
    for (const name of ['a1', 'a2', 'b1']) await ais(`put - ais://from/${name}`, name)
    expect(await ais('cp ais://from ais://all --wait')).toBe(
      'Copying ais://from => ais://all ...Done.\n',
    )
    expect(await ais('cp ais://from ais://some --template a{1..2} --wait')).toBe(
      'Copying objects ais://from => ais://some ...Done.\n',
    )
    const names = async (bucket: string) =>
      cells(await ais(`ls ais://${bucket} --name-only -H`))
        .flat()
        .filter((cell) => /^[ab]\d$/.test(cell))
    expect(await names('some')).toEqual(['a1', 'a2'])
    const failure = await fails('cp ais://from ais://rest --list b1,none --wait')
    expect(failure).toMatch(
      /Error: copy-objects\[tco-\S+\] finished with errors:\n {4}t\[\S+\]: ais:\/\/from\/none does not exist/,
    )
    expect(await names('rest')).toEqual(['b1'])
    expect(await names('all')).toEqual(['a1', 'a2', 'b1'])

    const shown = await ais('show job copy-bucket --all')
    expect(shown).toMatch(/^copy-bucket\[\S+\] \(ctl: ais:\/\/from=>ais:\/\/all\)\nNODE/)
    expect(cells(shown)[1]).toEqual(
      'NODE,ID,KIND,SRC BUCKET,DST BUCKET,OBJECTS,BYTES,START,END,STATE'.split(','),
    )
    const rows = JSON.parse((await ais('show job copy-bck --all --json')).replace(/^.*\n/, ''))
    expect(rows).toHaveLength(2)
    expect(await ais('show job copy-bucket --all --filter STATE=Aborted')).not.toMatch(/Finished/)
    expect(await fails('show job copy-bck ais://nowhere')).toContain('ais://nowhere')
    expect(await ais('wait copy-bucket')).toBe('Waiting for copy-bucket ...\nDone.\n')
    expect(await ais('stop copy-bucket')).toBe('No running copy-bucket jobs, nothing to do\n')
    const id = /copy-bucket\[(\S+)\]/.exec(shown)?.[1]
    expect(await ais(`stop ${id}`)).toBe(`copy-bucket[${id}] already finished, nothing to do\n`)
    expect(await ais(`wait ${id}`)).toBe(`Waiting for copy-bucket[${id}] ...\nDone.\n`)
    expect(await fails('stop')).toContain('missing arguments')
  })

  it('starts what needs no more than a name', async () => {
    const { ais, fails } = world
    expect(await ais('start cleanup --wait')).toMatch(/^Started cleanup\[\S+\] ...\nDone\.\n$/)
    expect(await fails('start nonsense')).toContain('no such job: "nonsense"')
    expect(await fails('job start rebolance --flag1 v1')).toContain(
      "Did you mean: 'ais job start rebalance --flag1 v1'?",
    )
  })

  it('renames a bucket, and tells of its end on a line of its own', async () => {
    const { ais } = world
    await ais('create ais://old')
    expect(await ais('bucket mv ais://old ais://new --wait')).toMatch(
      /^rename-bucket\[\S+\] ais:\/\/old => ais:\/\/new ...\nDone\.\n$/,
    )
    expect(await ais('bucket rm ais://new')).toBe('"ais://new" destroyed\n')
  })

  it('asks question after question of one input; what is not answered is not done', async () => {
    const { ais } = world
    const buckets = ['ais://ask1', 'ais://ask2', 'ais://ask3']
    for (const bucket of buckets) {
      await ais(`create ${bucket}`)
      await ais(`put - ${bucket}/o`, 'x')
    }
    const canceled = 'Operation canceled.'
    const line = `bucket rm ${buckets.join(' ')}`
    expect((await ais(line)).split(canceled)).toHaveLength(4)
    const some = await ais(line, 'y\nperhaps\nn\n')
    expect(some).toContain('"ais://ask1" destroyed')
    expect(some.split(canceled)).toHaveLength(3)
    const rest = await ais('bucket rm ais://ask2 ais://ask3', 'yes\ny')
    expect(rest).toMatch(/"ais:\/\/ask2" destroyed\n.*"ais:\/\/ask3" destroyed\n$/)
  })

  it('downloads by link, range and list', async () => {
    const { ais, fails, dir } = world
    const one = await ais(`download ${origin}/o ais://d --wait`)
    expect(one).toMatch(
      /^Started download job dnl-\S+\nDownload .*: finished\nDone: 1 file downloaded\n$/,
    )
    expect(await ais('get ais://d/o -')).toContain('content of /o')
    expect(await ais(`download ${origin}/x-{1..3} ais://d/in/ --desc=range --wait`)).toContain(
      'Done: 3 files downloaded',
    )
    expect(await ais('get ais://d/in/x-2 -')).toContain('content of /x-2')
    await writeFile(join(dir, 'list.json'), JSON.stringify(['sub/p', 'none']))
    const failure = await fails(
      `download ${origin} ais://d --object-list list.json --desc list --wait`,
    )
    expect(failure).toMatch(/download dnl-\S+: 1 of 2 failed/)
    expect(await ais('get ais://d/sub/p -')).toContain('content of /sub/p')

    const rows = world.cells(await ais('show job download --all --regex range'))
    expect(rows[2]?.slice(2)).toEqual(['Finished', '0', 'range'])
    const id = rows[2]?.[0] ?? ''
    expect(await ais(`show job ${id}`)).toBe(
      `Download ${id} (range): finished\nDone: 3 files downloaded\n`,
    )
    expect(await ais(`wait download ${id}`)).toContain('finished')
    expect(await ais(`stop ${id}`)).toBe(`download[${id}] already finished, nothing to do\n`)
    expect(await ais(`job rm download ${id}`)).toBe(`Removed finished download job "${id}"\n`)
    expect(await ais('job rm download --all')).toMatch(/^(Removed download job "dnl-\S+"\n){2}$/)
    expect(await fails('start download a b c')).toContain('too many arguments - expected 2, got 3')
  })

  it('the SDK starts, watches and stops', async () => {
    const bck = { name: 'sdk', provider: 'ais', namespace: { uuid: '', name: '' } } as const
    const id = await client.downloads.start(
      bck,
      { template: `${origin}/s{1..4}` },
      { description: 'sdk' },
    )
    let last = 0
    for await (const status of client.downloads.progress(id)) last = status.finished_cnt
    expect(last).toBe(4)
    expect((await client.downloads.list({ regex: '^sdk$' })).map((job) => job.id)).toEqual([id])
    expect(await client.jobs.wait({ id })).toMatchObject({
      id,
      kind: 'download',
      isAborted: false,
      error: '',
    })
    const rounds: number[] = []
    for await (const parts of client.jobs.progress(id)) {
      rounds.push(parts.reduce((sum, part) => sum + part.objects, 0))
    }
    expect(rounds.at(-1)).toBe(4)
    await client.downloads.abort(id)
    await client.downloads.remove(id)
    await expect(client.downloads.status(id)).rejects.toMatchObject({ status: 404 })
    await expect(client.jobs.wait({ id })).rejects.toMatchObject({ status: 404 })

    const copy = await client.bucket('ais://sdk').copyTo({ ...bck, name: 'sdk2' })
    expect(await client.jobs.wait({ id: copy }, { timeoutMs: 60_000 })).toMatchObject({ error: '' })
    const to = { ...bck, name: 'sdk2' }
    const snapshots = await client.jobs.snapshots({ kind: 'copy-bucket', bck: to })
    expect(snapshots.reduce((sum, part) => sum + part.objects, 0)).toBe(4)
    expect(snapshots[0]).toMatchObject({
      bck: { name: 'sdk' },
      to: { name: 'sdk2' },
      isAborted: false,
    })
    await client.jobs.stop({ id: copy })
  })
})
