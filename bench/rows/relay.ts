import { bucket } from '../harness/cluster.ts'
import { runDiscard } from '../harness/discard-load.ts'
import type { Lab } from '../harness/lab.ts'
import type { Measure, Row, Subject } from '../harness/row.ts'
import { makeS3User, presignedPath } from '../harness/s3-user.ts'
import { type Load, nameOf, runWrk } from '../harness/wrk.ts'

const sizeBytes = 64 * 1024 * 1024
const names = 2
const connections = 2
const mb = 1e6

async function measure(load: Load, seconds: number): Promise<Measure> {
  if (load.method === 'GET') {
    const measured = await runDiscard(load, seconds)
    return { ...measured, value: measured.value / mb }
  }
  const measured = await runWrk(load, seconds)
  return { ...measured, value: (measured.value * sizeBytes) / mb }
}

/** The ways to the same target, whose process shares the gateway's core. */
async function subjects(lab: Lab, runtime: 'bun' | 'node', method: 'GET' | 'PUT') {
  const cluster = await lab.cluster(runtime)
  await makeS3User(cluster.endpoint)
  await cluster.setTags(false)
  const named = Array.from({ length: names }, (_, index) => `relay-${nameOf(index)}`)
  const body = Buffer.alloc(sizeBytes, 'x')
  for (const name of named) await cluster.put(name, body)
  const bodyBytes = method === 'PUT' ? sizeBytes : 0
  const shape = { method, names, bodyBytes, connections }
  const url = (await cluster.targetUrl(method)).replace('%NAME%', 'relay-%NAME%')
  const direct: Subject = {
    name: 'direct',
    measure: (seconds) => measure({ ...shape, url }, seconds),
  }
  const { endpoint } = cluster
  const paths = async () =>
    named.map((name) => presignedPath(endpoint, method, `/${bucket}/${name}`))
  const relayed: Subject = {
    name: runtime,
    measure: (seconds) => measure({ ...shape, url: `${endpoint}/`, paths }, seconds),
  }
  if (method === 'GET') return [direct, relayed]
  const native: Subject = {
    name: 'native',
    measure: (seconds) => {
      const paths = async () =>
        named.map((name) => `/v1/objects/${bucket}/${name}\tTransfer-Encoding: chunked`)
      return measure({ ...shape, url: `${endpoint}/`, paths }, seconds)
    },
  }
  return [direct, native, relayed]
}

/**
 * Bytes cross the core twice: half of the direct way is the ceiling. A PUT by S3 pays for Amazon's ETag, an MD5, on the
 * same core as well; `native` is the relay alone: a native PUT of unknown length, which no redirect can send twice.
 */
function relayRow(runtime: 'bun' | 'node', method: 'GET' | 'PUT', goal: number): Row {
  return {
    name: `relay-${method.toLowerCase()}-64m-${runtime}`,
    question: `How fast is a ${method} of 64 MiB through the gateway's S3 beside the native one at the target, ${runtime}?`,
    unit: 'MB/s',
    reference: 'direct',
    goals: { native: goal, [runtime]: goal },
    warmsUp: true,
    subjects: (lab) => subjects(lab, runtime, method),
  }
}

export const relayGetBun = relayRow('bun', 'GET', 0.4)
export const relayGetNode = relayRow('node', 'GET', 0.25)
export const relayPutBun = relayRow('bun', 'PUT', 0.4)
export const relayPutNode = relayRow('node', 'PUT', 0.25)
