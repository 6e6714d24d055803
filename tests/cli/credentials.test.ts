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
