import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster } from '../harness/cluster.ts'
import type { Lab } from '../harness/lab.ts'
import { openConnections, residentKib, targetProcess } from '../harness/memory.ts'
import type { Row, Subject } from '../harness/row.ts'

const connections = 1_000

/** Resident memory that the target has more with `connections` clients that wait after one call each, KiB per client. */
function subject(lab: Lab, runtime: 'bun' | 'node'): Subject {
  return {
    name: runtime,
    async measure() {
      const dir = join(lab.dir, `idle-${runtime}`)
      const cluster = await startCluster(runtime, dir, lab.port(8))
      try {
        await cluster.put('small', Buffer.alloc(4_096, 'x'))
        const url = (await cluster.targetUrl('GET')).replace('%NAME%', 'small')
        const { host, origin } = new URL(url)
        const pid = targetProcess(dir)
        const call = `GET ${url.slice(origin.length)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
        const before = residentKib(pid)
        const sockets = await openConnections(origin, connections)
        for (const socket of sockets) {
          const answered = new Promise((resolve) => socket.once('data', resolve))
          socket.write(call)
          await answered
        }
        const grown = residentKib(pid) - before
        for (const socket of sockets) socket.destroy()
        return { value: grown / connections }
      } finally {
        await cluster.stop()
        rmSync(dir, { recursive: true, force: true })
      }
    },
  }
}

export const memoryIdle: Row = {
  name: 'memory-idle',
  question: 'How much memory does a target take for a client that has called once and stays?',
  unit: 'KiB',
  reference: 'node',
  subjects: (lab) => Promise.resolve([subject(lab, 'bun'), subject(lab, 'node')]),
}
