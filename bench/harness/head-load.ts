import { connect } from 'node:net'
import { clientCore, serverCore } from './command.ts'
import { watchCore } from './core-load.ts'
import type { Measure } from './row.ts'
import { type Load, nameOf } from './wrk.ts'

const headEnd = Buffer.from('\r\n\r\n')

function percentile(sortedMs: readonly number[], share: number): number {
  return sortedMs[Math.min(sortedMs.length - 1, Math.floor(sortedMs.length * share))] ?? Number.NaN
}

/**
 * HEAD requests over kept-alive connections, one in flight on each. wrk cannot: it waits for the body that
 * `Content-Length` of a HEAD reply announces. Runs in this process, on the client's core.
 * @throws Error when a connection broke or an answer was neither success nor redirect
 */
export async function runHeads(
  load: Load,
  seconds: number,
): Promise<Measure & { readonly maxMs: number }> {
  const { host, hostname, port, origin } = new URL(load.url)
  const path = load.url.slice(origin.length)
  const pattern = Array.from({ length: load.names }, (_, index) =>
    path.replace('%NAME%', nameOf(index)),
  )
  const paths = (await load.paths?.()) ?? pattern
  const requests = paths.map((each) =>
    Buffer.from(`HEAD ${each} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  )
  const server = watchCore(serverCore)
  const client = watchCore(clientCore)
  const tookMs: number[] = []
  let at = 0
  const startedAt = performance.now()
  const endAt = startedAt + seconds * 1_000

  const converse = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      let sentAt = 0
      let rest: Buffer = Buffer.alloc(0)
      const next = (): void => {
        sentAt = performance.now()
        if (sentAt >= endAt) {
          socket.destroy()
          resolve()
          return
        }
        const request = requests[at++ % requests.length]
        if (request !== undefined) socket.write(request)
      }
      socket.on('connect', next)
      socket.on('error', reject)
      socket.on('close', () => reject(new Error(`${load.url}: the connection closed`)))
      socket.on('data', (chunk: Buffer) => {
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
        if (!rest.includes(headEnd)) return
        const digit = rest[9]
        if (digit !== 0x32 && digit !== 0x33) {
          reject(new Error(`${load.url}: ${rest.toString('latin1').split('\r\n')[0]}`))
          socket.destroy()
          return
        }
        rest = Buffer.alloc(0)
        tookMs.push(performance.now() - sentAt)
        next()
      })
    })

  return Promise.all(Array.from({ length: load.connections }, converse)).then(() => {
    const rate = (tookMs.length * 1_000) / (performance.now() - startedAt)
    const sorted = tookMs.sort((a, b) => a - b)
    return {
      value: rate,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      maxMs: sorted.at(-1) ?? Number.NaN,
      serverBusy: server(),
      clientBusy: client(),
    }
  })
}
