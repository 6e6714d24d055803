import { createPlatform } from '../src/create-platform.ts'
import { createEchoHandler, noFacts } from './echo-handler.ts'

/** Serves the echo handler on a free port, prints the port, and goes when its standard input closes. */
const stallMs = Number(process.argv[2] ?? '16000')
const minRateBytes = Number(process.argv[3] ?? '1024')
const platform = await createPlatform()
const facts = noFacts()
const listener = await platform.serve(createEchoHandler(facts), {
  host: '127.0.0.1',
  port: 0,
  network: 'public',
  headerBytesMax: 65_536,
  keepAliveMs: 30_000,
  minRateBytes,
  stallMs,
  sendBufferBytes: 262_144,
  refuse: ({ status, reason }) => ({
    status,
    headers: [],
    body: { kind: 'bytes', bytes: reason },
  }),
  onError: (error) => {
    facts.errors.push(error instanceof Error && 'code' in error ? String(error.code) : 'Error')
  },
})
process.stdin.on('end', () => process.exit(0))
process.stdin.resume()
process.stdout.write(`${listener.port}\n`)
