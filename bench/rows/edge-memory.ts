import { request } from 'node:http'
import { type EdgeRuntime, edgeRuntimes, startEdgeGateway } from '../harness/edge.ts'
import { residentMb } from '../harness/memory.ts'
import type { Row, Subject } from '../harness/row.ts'

const chunk = Buffer.alloc(1_048_576, 'x')
/** Of one object, MiB; as many of them are relayed as make 10 GiB, half by PUT and half by GET. */
const objectMb = 1_024
const rounds = 5
/** How often the memory is looked at, ms. */
const lookMs = 50

function exchange(url: string, method: 'GET' | 'PUT'): Promise<void> {
  const sizeBytes = objectMb * chunk.byteLength
  return new Promise((resolve, reject) => {
    const headers = method === 'PUT' ? { 'Content-Length': sizeBytes } : {}
    const outgoing = request(url, { method, headers, agent: false }, (answer) => {
      let got = 0
      answer.on('data', (part: Buffer) => {
        got += part.byteLength
      })
      answer.once('error', reject)
      answer.once('end', () => {
        const isWhole = method === 'PUT' || got === sizeBytes
        if (answer.statusCode === 200 && isWhole) resolve()
        else reject(new Error(`${method} ${url} gave ${answer.statusCode} and ${got} bytes`))
      })
    })
    outgoing.once('error', reject)
    let left = method === 'PUT' ? objectMb : 0
    const fill = () => {
      while (left > 0) {
        left -= 1
        if (!outgoing.write(chunk)) {
          outgoing.once('drain', fill)
          return
        }
      }
      outgoing.end()
    }
    fill()
  })
}

/** Greatest resident memory while 10 GiB go through, MB. */
async function peak(origin: string, pid: number): Promise<number> {
  let greatest = 0
  const look = setInterval(() => {
    greatest = Math.max(greatest, residentMb(pid))
  }, lookMs)
  try {
    for (let round = 0; round < rounds; round++) {
      await exchange(`${origin}/v1/objects/bench/long`, 'PUT')
      await exchange(`${origin}/v1/objects/bench/long`, 'GET')
    }
  } finally {
    clearInterval(look)
  }
  return greatest
}

function subject(gateway: string, runtime: EdgeRuntime): Subject {
  return {
    name: runtime,
    async measure() {
      const edge = await startEdgeGateway(gateway, runtime, 'edge')
      try {
        return { value: await peak(edge.origin, edge.pid) }
      } finally {
        await edge.stop()
      }
    },
  }
}

/** Ten gibibytes through one edge, which may hold none of them. */
export const edgeMemory: Row = {
  name: 'edge-memory',
  question: 'How much memory does an edge gateway take while it relays 10 GiB?',
  unit: 'MB',
  reference: 'workerd',
  limits: { workerd: 128, deno: 128, bun: 128 },
  async subjects(lab) {
    const { endpoint } = await lab.cluster('bun')
    return edgeRuntimes.map((runtime) => subject(endpoint, runtime))
  },
}
