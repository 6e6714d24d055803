import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import type { BatchItem } from '@aistore-ts/sdk/batch.ts'
import { Client } from '@aistore-ts/sdk/client.ts'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JobClient } from '../jobs/client.ts'

describe('rows of the feature table about jobs', () => {
  let server: Server
  let jobs: JobClient
  let client: Client

  beforeAll(async () => {
    server = await startServer({ targets: 3 })
    jobs = new JobClient(server.endpoint)
    client = new Client(server.endpoint)
  })

  afterAll(async () => {
    client.close()
    await server.stop()
  })

  async function fill(bucket: string, names: readonly string[]): Promise<void> {
    await jobs.createBucket(bucket)
    await Promise.all(names.map((name) => jobs.put(bucket, name, `${bucket} ${name}`)))
  }

  async function done(id: string): Promise<void> {
    expect(await jobs.settled(id)).toMatchObject({ err: '', aborted: false })
  }

  it('F12.01: a template with a step and two ranges selects 4 names in all jobs', async () => {
    const template = 'p-{0010..0013..2}-g-{1..2}'
    const chosen = ['p-0010-g-1', 'p-0010-g-2', 'p-0012-g-1', 'p-0012-g-2']
    const others = ['p-0011-g-1', 'p-0013-g-2', 'p-0010-g-3', 'p-10-g-1']
    await fill('chosen', [...chosen, ...others])
    await done(await jobs.copyObjects('chosen', 'copied', { template }))
    expect(await jobs.names('copied')).toEqual(chosen)

    const shard = { template, archname: 's.tar', tobck: { name: 'shards', provider: 'ais' } }
    await jobs.createBucket('shards')
    const reply = await fetch(`${server.endpoint}/v1/buckets/chosen`, {
      method: 'PUT',
      body: JSON.stringify({ action: 'archive', value: shard }),
    })
    await done((await reply.text()).trim())
    for (const name of [...chosen, ...others]) {
      const found = await jobs.get('shards', `s.tar?archpath=${name}`)
      expect(found).toBe(chosen.includes(name) ? `chosen ${name}` : undefined)
    }

    await done(await jobs.deleteObjects('chosen', { template }))
    expect(await jobs.names('chosen')).toEqual(others.toSorted())
  })

  it('F12.02: a template of 1,000 is deleted, and only these are gone', async () => {
    const names = Array.from({ length: 1_010 }, (_, at) => `n${at}`)
    await fill('many', names)
    const id = await jobs.deleteObjects('many', { template: 'n{0..999}' })
    await done(id)
    expect(await jobs.objects(id)).toBe(1_000)
    expect(await jobs.names('many')).toEqual(names.slice(1_000).toSorted())
  })

  it('F12.18: 1,000 mixed entries of 3 buckets come in their order, buffered with their sizes', async () => {
    const buckets = ['one', 'two', 'three']
    const names = Array.from({ length: 20 }, (_, at) => `o${at}`)
    for (const bucket of buckets) await fill(bucket, names)
    const bckOf = (name: string): Bck => ({
      name,
      provider: 'ais',
      namespace: { uuid: '', name: '' },
    })
    await client
      .bucket('one')
      .object('s.tgz')
      .putIntoShard('d/inner', 'in a shard', { mode: 'replace' })
    const entries = Array.from({ length: 1_000 }, (_, at) => {
      const bucket = buckets[at % 3] ?? ''
      if (at % 10 === 0) return { name: 's.tgz', bck: bckOf('one'), archivePath: 'd/inner' }
      return { name: `o${(at * 7) % 20}`, bck: bckOf(bucket) }
    })
    const expected = entries.map(({ name, bck, archivePath }) =>
      archivePath === undefined
        ? [`${bck.name}/${name}`, `${bck.name} ${name}`]
        : [`one/s.tgz/${archivePath}`, 'in a shard'],
    )
    const textOf = async (item: BatchItem) => new TextDecoder().decode(await item.bytes())
    const found: string[][] = []
    for await (const item of client.batch(entries)) found.push([item.name, await textOf(item)])
    expect(found).toEqual(expected)

    const wanted = entries.map(({ name, bck, archivePath }) => ({
      objname: name,
      bucket: bck.name,
      provider: bck.provider,
      ...(archivePath === undefined ? {} : { archpath: archivePath }),
    }))
    const buffered = await client.connection.text({
      method: 'GET',
      path: 'ml/moss',
      json: { in: wanted, mime: '.tar', strm: false },
    })
    const [, metadata = ''] = /name="metadata"\r\n\r\n(\{.*\})\n/.exec(buffered) ?? []
    const { out } = JSON.parse(metadata) as { out: { size: number }[] }
    expect(out.map(({ size }) => size)).toEqual(expected.map(([, text = '']) => text.length))
  })
})
