import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AskCluster, createAskCluster } from '@aistore-ts/node-daemon/launcher/ask-cluster.ts'
import { firstPair } from '@aistore-ts/node-daemon/launcher/key-pair.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'

let server: Server
let folder: string
let ask: AskCluster

beforeEach(async () => {
  server = await startServer()
  ask = createAskCluster(server.endpoint, undefined)
  folder = await mkdtemp(join(tmpdir(), 'key-pair-'))
})
afterEach(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

async function keys(): Promise<unknown> {
  return (await fetch(`${server.endpoint}/v1/credentials/keys`)).json()
}

it('is made once for a cluster without users', async () => {
  const pair = await firstPair(ask, undefined)
  expect(pair?.secretKey).toHaveLength(40)
  expect(await keys()).toMatchObject([{ access_key: pair?.accessKey, user: 'admin' }])
  expect(await firstPair(ask, undefined)).toBeUndefined()
})

it('is written to a file for its owner alone, and fixed by it from then on', async () => {
  const path = join(folder, 'credentials')
  const pair = await firstPair(ask, path)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readFile(path, 'utf8')).toContain(`aws_secret_access_key = ${pair?.secretKey}\n`)
  expect(await firstPair(ask, path)).toEqual(pair)
  expect(await keys()).toMatchObject([{ access_key: pair?.accessKey }])
  const mine = '[ci]\naws_access_key_id=ci-key\naws_secret_access_key=ci-secret-of-mine\n'
  await writeFile(path, mine, { mode: 0o600 })
  expect(await firstPair(ask, path)).toEqual({
    accessKey: 'ci-key',
    secretKey: 'ci-secret-of-mine',
  })
})

it('comes from no file that others may read, or that holds none', async () => {
  const path = join(folder, 'credentials')
  await writeFile(path, '[default]\n', { mode: 0o600 })
  await expect(firstPair(ask, path)).rejects.toThrow(/expecting aws_access_key_id/)
  await chmod(path, 0o644)
  await expect(firstPair(ask, path)).rejects.toThrow(/others may read it/)
})
