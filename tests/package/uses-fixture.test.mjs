// Runs by vitest in a folder that has the package: a fixture, tests that share it, and one that has its own.
import { startServer } from 'aistore-ts/testing'
import { serverFixture } from 'aistore-ts/testing/vitest'
import { expect, test } from 'vitest'

const shared = test.extend({ store: [serverFixture({ targets: 2 }), { scope: 'file' }] })
const make = ({ nativeEndpoint }) =>
  fetch(`${nativeEndpoint}/v1/buckets/one`, {
    method: 'POST',
    body: JSON.stringify({ action: 'create-bck' }),
  })

shared('has a server', async ({ store }) => {
  expect((await make(store)).status).toBe(200)
  expect((await fetch(`${store.endpoint}/one`)).status).toBe(403)
})

shared('shares it, and may take everything away', async ({ store }) => {
  expect((await make(store)).status).toBe(409)
  await store.reset()
  expect((await make(store)).status).toBe(200)
})

test('`await using` ends a server with its block', async () => {
  let endpoint = ''
  {
    await using store = await startServer()
    endpoint = store.nativeEndpoint
    expect((await make(store)).status).toBe(200)
  }
  await expect(fetch(endpoint)).rejects.toThrow()
})
