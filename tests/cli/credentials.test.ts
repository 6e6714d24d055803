import { afterAll, beforeAll, expect, it } from 'vitest'
import { setUp } from './set-up.ts'

let world: Awaited<ReturnType<typeof setUp>>

beforeAll(async () => {
  world = await setUp()
})

afterAll(() => world.tearDown())

it('makes users and access keys of S3, shows a secret once, disables and removes', async () => {
  const { ais, fails, cells } = world
  expect(await ais('s3 user create ann --display-name Ann --email ann@example.org')).toContain(
    'User "ann" created',
  )
  await ais('s3 user create root --admin')
  await ais('s3 user create eve --access ro')
  const users = cells(await ais('s3 user ls -H')).map(([id, name, , admin]) => [id, name, admin])
  expect(users).toContainEqual(['ann', 'Ann', 'no'])
  expect(await ais('s3 user ls --json')).toContain('"perm": "771"')
  const made: unknown = JSON.parse(await ais('s3 key create ann --json'))
  expect(made).toMatchObject({ user: 'ann', disabled: false })
  expect(await ais('s3 key create eve --access-key EVE1 --secret-key eves-secret')).toContain(
    'eves-secret',
  )
  expect(await ais('s3 key ls --json')).not.toContain('secret')
  const states = async () =>
    cells(await ais('s3 key ls eve -H')).map(([id, , state]) => [id, state])
  await ais('s3 key disable EVE1')
  expect(await states()).toEqual([['EVE1', 'disabled']])
  await ais('s3 key enable EVE1')
  expect(await states()).toEqual([['EVE1', 'enabled']])
  expect(await fails('s3 key create nobody')).toContain('user "nobody" does not exist')
  expect(await fails('s3 key create eve --access-key X')).toContain('go together')
  expect(await fails('s3 user create bob --access walk')).toContain('walk')
  await ais('s3 key rm EVE1')
  expect(await fails('s3 key rm EVE1')).toContain('does not exist')
  await ais('s3 user rm ann')
  expect(await ais('s3 key ls -H')).toBe('')
})

it('enrols an edge gateway, prints what it is started with, shows and revokes it', async () => {
  const { ais, fails, cells } = world
  const told: unknown = JSON.parse(
    await ais('cluster edge add near --access rw --buckets a,b --url http://127.0.0.1:1 --json'),
  )
  const key = /^[A-Za-z0-9+/]{43}=$/
  expect(told).toEqual({
    AIS_EDGE_ID: 'near',
    AIS_EDGE_ROOT: expect.stringMatching(key),
    AIS_EDGE_KEY: expect.stringMatching(key),
  })
  const publicKey = Buffer.alloc(32, 9).toString('base64')
  expect(await ais(`cluster edge add far --public-key ${publicKey}`)).not.toContain('AIS_EDGE_KEY')
  const rows = cells(await ais('cluster edge ls -H')).map((row) => row.slice(0, 4))
  expect(rows).toEqual([
    ['near', 'rw', 'a,b', 'http://127.0.0.1:1'],
    ['far', 'ro', 'all', '-'],
  ])
  expect(await fails('cluster edge add near')).toContain('already exists')
  expect(await fails('cluster edge add other --public-key short')).toContain('public_key')
  expect(await fails('cluster edge add other --access all')).toContain('access')
  await ais('cluster edge revoke near')
  expect(await fails('cluster edge revoke near')).toContain('does not exist')
})
