import http from 'node:http'
import { fileURLToPath } from 'node:url'
import { type Server, serverCore, startServer } from './command.ts'

const launcher = fileURLToPath(new URL('../../node-daemon/src/launcher/main.ts', import.meta.url))

/** Bucket of all loads. */
export const bucket = 'bench'

/** A running cluster, ours or the original's. */
export interface Cluster {
  readonly endpoint: string
  /** URL of the call at the node that owns the object, as the gateway's redirect gives it, with `%NAME%` for the name. */
  targetUrl(method: 'GET' | 'HEAD' | 'PUT', query?: string): Promise<string>
  /** The same for each of `names`, path and query alone: a redirect with a tag is good for its own name, and a minute. */
  locate(method: 'GET' | 'HEAD', names: readonly string[], query?: string): Promise<string[]>
  /** Whether redirects bear tags from now on. A tag lets one PUT through: a load of them does without. */
  setTags(on: boolean): Promise<void>
  put(name: string, bytes: Uint8Array): Promise<void>
  /** What an acknowledgement stands for from now on. */
  setDurability(level: 'process' | 'disk'): Promise<void>
}

interface Exchange {
  readonly status: number
  readonly location: string | undefined
  readonly text: string
}

function exchange(method: string, url: string, body?: Uint8Array | string): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? 0 : Buffer.byteLength(body)
    const request = http.request(
      url,
      {
        method,
        headers: { 'Content-Type': 'application/json', 'Content-Length': length },
        agent: false,
      },
      (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1')
        })
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, location: answer.headers.location, text }),
        )
        answer.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** Where a PUT of so many bytes is sent: the gateway says it before any of them. */
function whereTo(url: string, lengthBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Length': lengthBytes, Connection: 'close' }
    const request = http.request(url, { method: 'PUT', headers, agent: false }, (answer) => {
      const { location } = answer.headers
      if (location === undefined) reject(new Error(`PUT ${url} gave ${answer.statusCode}`))
      else resolve(location)
      request.destroy()
    })
    request.on('error', reject)
    request.flushHeaders()
  })
}

const probe = 'name-goes-here'

/** Connects to a cluster that runs, and makes the bucket. */
export async function connectCluster(endpoint: string): Promise<Cluster> {
  const made = await exchange(
    'POST',
    `${endpoint}/v1/buckets/${bucket}`,
    JSON.stringify({ action: 'create-bck' }),
  )
  if (made.status !== 200 && made.status !== 409) {
    throw new Error(`${endpoint}: the bucket could not be made: ${made.status} ${made.text}`)
  }
  async function targetUrl(method: 'GET' | 'HEAD' | 'PUT', query = ''): Promise<string> {
    const url = `${endpoint}/v1/objects/${bucket}/${probe}${query}`
    const { status, location } = await exchange(method, url)
    if (location === undefined) throw new Error(`${method} ${url} gave ${status}, no redirect`)
    return location.replace(probe, '%NAME%')
  }
  async function configure(value: unknown): Promise<void> {
    const message = JSON.stringify({ action: 'set-config', value })
    const { status, text } = await exchange('PUT', `${endpoint}/v1/cluster`, message)
    if (status !== 200) throw new Error(`${endpoint}: set-config gave ${status}: ${text}`)
  }
  return {
    endpoint,
    targetUrl,
    async locate(method, names, query = '') {
      const paths: string[] = []
      for (const name of names) {
        const url = `${endpoint}/v1/objects/${bucket}/${name}${query}`
        const { status, location } = await exchange(method, url)
        if (location === undefined) throw new Error(`${method} ${url} gave ${status}, no redirect`)
        paths.push(location.slice(new URL(location).origin.length))
      }
      return paths
    },
    setTags: (on) => configure({ auth: { intra_cluster: { request_auth: on } } }),
    setDurability: (durability) => configure({ write_policy: { durability } }),
    async put(name, bytes) {
      const url = `${endpoint}/v1/objects/${bucket}/${name}`
      const location = await whereTo(url, bytes.length)
      const { status, text } = await exchange('PUT', location, bytes)
      if (status !== 200) throw new Error(`PUT ${location} gave ${status}: ${text}`)
    },
  }
}

/** Shape of a cluster that is started to be measured. */
export interface ClusterShape {
  readonly targets: number
  /** Core of all its processes; every core when absent. */
  readonly core?: number
}

/** One target, everything on the servers' core. */
const oneCore: ClusterShape = { targets: 1, core: serverCore }

/** Starts one gateway, and targets of two mountpaths each. */
export async function startCluster(
  runtime: 'bun' | 'node',
  dir: string,
  port: number,
  { targets, core }: ClusterShape = oneCore,
): Promise<Cluster & Server> {
  const server = await startServer({
    command: process.execPath,
    args: [
      ...[launcher, '--runtime', runtime, '--targets', String(targets), '--mountpaths', '2'],
      ...['--data', dir, '--port', String(port), '--s3-port', '0'],
    ],
    ...(core === undefined ? {} : { core }),
    readyText: 'AIStore is ready',
  })
  try {
    const cluster = await connectCluster(`http://127.0.0.1:${port}`)
    await cluster.setTags(false)
    return { ...cluster, stop: server.stop }
  } catch (error) {
    await server.stop()
    throw error
  }
}
