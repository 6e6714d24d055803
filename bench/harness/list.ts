import http from 'node:http'
import { Unpackr } from 'msgpackr'
import type { Cluster } from './cluster.ts'

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' })
const pageEntries = 10_000

/** Puts in flight at once. */
const writersMax = 32

function ask(
  agent: http.Agent,
  method: string,
  url: string,
  body: string,
): Promise<{ status: number; location: string | undefined; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      Accept: 'application/msgpack',
    }
    const request = http.request(url, { method, headers, agent }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          location: answer.headers.location,
          bytes: Buffer.concat(chunks),
        }),
      )
      answer.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Makes `bucket` with `count` objects of a few bytes, straight at the target of a cluster that has one. */
export async function fillBucket(cluster: Cluster, bucket: string, count: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: writersMax })
  try {
    const made = await ask(
      agent,
      'POST',
      `${cluster.endpoint}/v1/buckets/${bucket}`,
      '{"action":"create-bck"}',
    )
    if (made.status === 409) return
    const probe = 'name-goes-here'
    const { location } = await ask(
      agent,
      'PUT',
      `${cluster.endpoint}/v1/objects/${bucket}/${probe}`,
      '',
    )
    if (location === undefined) throw new Error(`${cluster.endpoint}: PUT was not redirected`)
    let next = 0
    const writer = async (): Promise<void> => {
      while (next < count) {
        const name = `prefix/key-${String(next++).padStart(9, '0')}`
        const { status } = await ask(agent, 'PUT', location.replace(probe, name), 'few bytes')
        if (status !== 200) throw new Error(`PUT of ${name} gave ${status}`)
      }
    }
    await Promise.all(Array.from({ length: writersMax }, writer))
  } finally {
    agent.destroy()
  }
}

/** Lists all of `bucket` page by page, as msgpack, and gives the number of keys. */
export async function countKeys(endpoint: string, bucket: string): Promise<number> {
  const agent = new http.Agent({ keepAlive: true })
  try {
    let keys = 0
    let uuid = ''
    let token = ''
    do {
      const value = { uuid, pagesize: pageEntries, continuation_token: token }
      const { status, bytes } = await ask(
        agent,
        'GET',
        `${endpoint}/v1/buckets/${bucket}`,
        JSON.stringify({ action: 'list', value }),
      )
      if (status !== 200) throw new Error(`a page gave ${status}: ${bytes.toString()}`)
      const page: { UUID: string; ContinuationToken: string; Entries: unknown[] } =
        unpackr.unpack(bytes)
      keys += page.Entries.length
      uuid = page.UUID
      token = page.ContinuationToken
    } while (token !== '')
    return keys
  } finally {
    agent.destroy()
  }
}
