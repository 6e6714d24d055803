// A cluster in a process of its own: prints its endpoint, and stays until it is killed.
import { startServer } from '@aistore-ts/node-daemon/server/start-server.ts'

const { endpoint } = await startServer({ targets: 1, mountpaths: 1 })
process.stdout.write(`${endpoint}\n`)
