// Runs in a folder that has the package alone: how long does the first startServer() of a process take, ms?
import { startServer } from 'aistore-ts/testing'

const startedAt = performance.now()
await startServer()
process.stdout.write(`${performance.now() - startedAt}\n`)
process.exit(0)
