import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster } from '../harness/cluster.ts'
import type { Lab } from '../harness/lab.ts'
import { openConnections, residentMb, targetProcess } from '../harness/memory.ts'
import type { Row, Subject } from '../harness/row.ts'

const connections = 256
const sizeBytes = 1024 ** 3
const name = 'long'

/** How often the target's memory is looked at, ms. */
const lookMs = 50

/** The greatest resident memory of the target while `connections` clients get the object, MB. */
async function peak(url: string, pid: number, seconds: number): Promise<number> {
  const { host, origin } = new URL(url)
  const sockets = await openConnections(origin, connections)
  let greatest = 0
  const look = setInterval(() => {
    greatest = Math.max(greatest, residentMb(pid))
  }, lookMs)
  let got = 0
  for (const socket of sockets) {
    socket.on('data', (chunk: Buffer) => {
      got += chunk.byteLength
    })
    socket.write(`GET ${url.slice(origin.length)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  }
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  clearInterval(look)
  for (const socket of sockets) socket.destroy()
  if (got < connections * 1_024) throw new Error(`${url} gave ${got} bytes to all clients`)
  return greatest
}

async function subject(lab: Lab, runtime: 'bun' | 'node'): Promise<Subject> {
  return {
    name: runtime,
    async measure(seconds) {
      const dir = join(lab.dir, `memory-${runtime}`)
      const cluster = await startCluster(runtime, dir, lab.port(8))
      try {
        await cluster.put(name, Buffer.alloc(sizeBytes, 'x'))
        const url = (await cluster.targetUrl('GET')).replace('%NAME%', name)
        return { value: await peak(url, targetProcess(dir), seconds) }
      } finally {
        await cluster.stop()
        rmSync(dir, { recursive: true, force: true })
      }
    },
  }
}

/** A fresh cluster each round: what one round leaves behind is not the next one's. */
export const memoryGet1g: Row = {
  name: 'memory-get-1g',
  question: 'How much memory does a target take while 256 clients get an object of 1 GiB?',
  unit: 'MB',
  reference: 'node',
  limits: { bun: 150, node: 250 },
  subjects: async (lab) => [await subject(lab, 'bun'), await subject(lab, 'node')],
}
