import { startServer, type TestServer, type TestServerOptions } from './test-server.ts'

/**
 * A fixture of vitest: `test.extend<{ aistore: TestServer }>({ aistore: [serverFixture(), { scope: 'file' }] })`.
 * With the scope `file` tests share a cluster and may `reset()` it; without, each has its own.
 */
export function serverFixture(
  options: TestServerOptions = {},
): (context: object, use: (server: TestServer) => Promise<void>) => Promise<void> {
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from this pattern which other fixtures are wanted.
  return async ({}, use) => {
    const server = await startServer(options)
    try {
      await use(server)
    } finally {
      await server.stop()
    }
  }
}
