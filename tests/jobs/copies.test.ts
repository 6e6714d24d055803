import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { JobClient } from './client.ts'

let server: Server
let client: JobClient

const names = Array.from(
  { length: 60 },
  (_, i) => `dir${i % 3}/o-${String(i).padStart(3, '0')}.txt`,
)
const contentOf = (name: string) => `content of ${name} `.repeat(30)

beforeAll(async () => {
  server = await startServer({ proxies: 2, targets: 3, mountpaths: 2 })
  client = new JobClient(server.endpoint)
  await client.createBucket('src')
  await Promise.all(names.map((name) => client.put('src', name, contentOf(name))))
})

afterAll(() => server.stop())

async function done(id: string): Promise<void> {
  expect(await client.settled(id)).toMatchObject({ uuid: id, err: '', aborted: false })
}

it('a bucket is copied whole into one that was not there, and the job counts what it did', async () => {
  const id = await client.copyBucket('src', 'whole')
  await done(id)
  expect(await client.names('whole')).toEqual(names.toSorted())
  for (const name of names) expect(await client.get('whole', name)).toBe(contentOf(name))
  expect(await client.objects(id)).toBe(names.length)
  expect(await client.names('src')).toEqual(names.toSorted())
})

it('what is under a prefix is copied, with another extension and something before the name', async () => {
  const value = { prefix: 'dir1/', prepend: 'new/', ext: { txt: 'md' } }
  await done(await client.copyBucket('src', 'prefixed', value))
  const expected = names.filter((name) => name.startsWith('dir1/'))
  expect(await client.names('prefixed')).toEqual(
    expected.map((name) => `new/${name.replace('.txt', '.md')}`).toSorted(),
  )
})

it('a dry run copies nothing and makes no bucket', async () => {
  const id = await client.copyBucket('src', 'dry', { dry_run: true })
  await done(id)
  expect(await client.objects(id)).toBe(names.length)
  await expect(client.names('dry')).rejects.toThrow('404')
})

it('synchronizing deletes copies whose source is gone', async () => {
  await client.createBucket('changing')
  await Promise.all(['a', 'b', 'c'].map((name) => client.put('changing', name, name)))
  await done(await client.copyBucket('changing', 'mirror'))
  await done(await client.deleteObjects('changing', { objnames: ['b'] }))
  await client.put('changing', 'd', 'd')
  await done(await client.copyBucket('changing', 'mirror', { synchronize: true }))
  expect(await client.names('mirror')).toEqual(['a', 'c', 'd'])
})

it('objects are copied by list, by template and by prefix', async () => {
  await done(await client.copyObjects('src', 'listed', { objnames: names.slice(0, 5) }))
  expect(await client.names('listed')).toEqual(names.slice(0, 5).toSorted())

  const template = 'dir0/o-{000..012..3}.txt'
  await done(await client.copyObjects('src', 'ranged', { template }))
  expect(await client.names('ranged')).toEqual(
    ['000', '003', '006', '009', '012'].map((number) => `dir0/o-${number}.txt`),
  )

  await done(await client.copyObjects('src', 'below', { template: 'dir2/' }))
  expect(await client.names('below')).toEqual(
    names.filter((name) => name.startsWith('dir2/')).toSorted(),
  )
})

it('objects are deleted by list and by template; names of no object are passed over', async () => {
  await done(await client.copyBucket('src', 'shrinking'))
  const id = await client.deleteObjects('shrinking', { objnames: ['nobody', ...names.slice(0, 4)] })
  await done(id)
  expect(await client.objects(id)).toBe(4)
  await done(await client.deleteObjects('shrinking', { template: 'dir{1..2}/o-{000..059}.txt' }))
  const left = names.slice(4).filter((name) => name.startsWith('dir0/'))
  expect(await client.names('shrinking')).toEqual(left.toSorted())
})

it('an object that cannot be copied is named, and ends the job; who goes on copies the rest', async () => {
  await client.createBucket('long')
  const long = 'n'.repeat(2_990)
  await Promise.all(['short', long].map((name) => client.put('long', name, name)))
  const value = { prepend: 'p'.repeat(100) }
  const failed = await client.settled(await client.copyBucket('long', 'broken', value))
  expect(failed.aborted).toBe(true)
  expect(failed.err).toContain(long)

  const id = await client.copyBucket('long', 'rest', { ...value, coer: true })
  const went = await client.settled(id)
  expect(went.aborted).toBe(false)
  expect(went.err).toContain(long)
  expect(await client.names('rest')).toEqual([`${value.prepend}short`])
})

it('any gateway tells of a job, whichever it was started at', async () => {
  const id = await client.deleteObjects('src', { template: 'nobody-{0..999999}' })
  for (const { snode } of server.proxies) {
    const one = new JobClient(snode.publicNet.url)
    expect(await one.status(id)).toMatchObject({ uuid: id, end_time: 0 })
    expect(await one.running()).toContain(`delete-listrange[${id}]`)
  }
  await client.stop({ Kind: 'delete-objects' })
  expect((await client.settled(id)).aborted).toBe(true)
})

it('what cannot be asked for is refused before anything begins', async () => {
  await expect(client.copyBucket('src', 'src')).rejects.toThrow('onto itself')
  await expect(client.copyBucket('nosuch', 'other')).rejects.toThrow('404')
  await expect(client.copyBucket('src', 'other', { id: 'etl' })).rejects.toThrow('ETL')
  await expect(
    client.copyBucket('src', 'other', { prepend: 'x', synchronize: true }),
  ).rejects.toThrow('incompatible with synchronize')
  await expect(client.copyObjects('src', 'other', { template: 'x{3..1}' })).rejects.toThrow('400')
  await expect(client.deleteObjects('src', { template: 'x{}' })).rejects.toThrow('400')
  await expect(client.deleteObjects('src', { template: 'x{0..9999999}' })).rejects.toThrow(
    'too many names',
  )
  await expect(client.deleteObjects('nosuch', { objnames: ['a'] })).rejects.toThrow('404')
})
