import { runHeads } from '../harness/head-load.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row, Subject } from '../harness/row.ts'
import { nameOf, runWrk } from '../harness/wrk.ts'

const names = 4
const sizeBytes = 16 * 1024 * 1024

async function subject(lab: Lab, runtime: 'bun' | 'node'): Promise<Subject> {
  const cluster = await lab.cluster(runtime)
  await cluster.setTags(false)
  for (let index = 0; index < names; index++) {
    await cluster.put(`loop-${nameOf(index)}`, Buffer.alloc(sizeBytes, 'x'))
  }
  const urlOf = async (method: 'GET' | 'HEAD' | 'PUT') =>
    (await cluster.targetUrl(method)).replace('%NAME%', 'loop-%NAME%')
  const [get, head, put] = await Promise.all([urlOf('GET'), urlOf('HEAD'), urlOf('PUT')])
  return {
    name: runtime,
    async measure(seconds) {
      const load = { names, bodyBytes: 0, connections: 4 }
      const [probe] = await Promise.all([
        runHeads({ ...load, method: 'HEAD', url: head, connections: 1 }, seconds),
        runWrk({ ...load, method: 'PUT', url: put, bodyBytes: sizeBytes }, seconds),
        runWrk({ ...load, method: 'GET', url: get }, seconds),
      ])
      return { value: probe.maxMs, p50Ms: probe.p50Ms, p99Ms: probe.p99Ms }
    },
  }
}

/** One client asks without a pause: no stop of the event loop is longer than the longest of its waits. */
export const loopBlock: Row = {
  name: 'loop-block',
  question: 'How long does a HEAD wait at most while bodies of 16 MiB come and go?',
  unit: 'ms',
  reference: 'node',
  limits: { bun: 200, node: 200 },
  warmsUp: true,
  subjects: async (lab) => [await subject(lab, 'bun'), await subject(lab, 'node')],
}
