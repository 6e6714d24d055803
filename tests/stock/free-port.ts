import { createServer } from 'node:net'

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** A port that is free now, and so are those that lie `offsets` above it. */
export async function freePort(offsets: readonly number[]): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 20_000)
    const free = await Promise.all([0, ...offsets].map((offset) => canListen(port + offset)))
    if (free.every(Boolean)) return port
  }
}
