import { startServer, type TestServer } from 'aistore-ts/testing'
import { serverFixture } from 'aistore-ts/testing/vitest'

export async function endpointOf(): Promise<string> {
  await using server: TestServer = await startServer({ targets: 2 })
  return server.endpoint
}

export const fixture = serverFixture({ proxies: 1 })
