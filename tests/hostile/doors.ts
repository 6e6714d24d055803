import { connect } from 'node:net'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { findRuntime, runtimeNames } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { type EdgeProcess, enrolEdge, startEdge } from '../../scripts/edge-process.ts'
import { freePort } from '../stock/free-port.ts'

/** A way into a cluster, for clients. */
export interface Door {
  /** `gateway`, `target`, or the edge's runtime: `edge-workerd`. */
  readonly name: string
  readonly endpoint: string
  readonly port: number
}

/** A cluster with an edge gateway on every runtime that is here. */
export interface Doors {
  readonly server: Server
  readonly gateway: Door
  readonly target: Door
  readonly edges: readonly Door[]
  stop(): Promise<void>
}

function doorOf(name: string, endpoint: string): Door {
  return { name, endpoint, port: Number(new URL(endpoint).port) }
}

/** A gateway, two targets, and edges that clients reach the targets through; with the buckets `b` and `other`. */
export async function openDoors(): Promise<Doors> {
  const server = await startServer({ targets: 2 })
  const edges: Door[] = []
  const processes: EdgeProcess[] = []
  for (const runtime of runtimeNames.filter((name) => findRuntime(name).found)) {
    const port = await freePort([])
    const name = `edge-${runtime}`
    const url = `http://127.0.0.1:${port}`
    const variables = await enrolEdge(server.endpoint, name, { url })
    processes.push(await startEdge(runtime, { ...variables, AIS_EDGE_REACH: 'edge' }, port))
    edges.push(doorOf(name, url))
  }
  for (const name of ['b', 'other']) {
    const url = `${server.endpoint}/v1/buckets/${name}`
    await fetch(url, { method: 'POST', body: JSON.stringify({ action: 'create-bck' }) })
  }
  const target = server.targets[0]?.snode.publicNet.url ?? ''
  return {
    server,
    gateway: doorOf('gateway', server.endpoint),
    target: doorOf('target', target),
    edges,
    async stop() {
      for (const edge of processes) await edge.stop()
      await server.stop()
    },
  }
}

/** Silence after which nothing more is waited for, ms. */
const silenceMs = 2_000

export interface RawAnswer {
  /** 0: closed without an answer. */
  readonly status: number
  readonly text: string
}

/** Sends a request byte for byte (text of Latin-1) and reads until the other side closes. */
export function sendRaw({ port }: Pick<Door, 'port'>, request: string): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1')
    socket.setTimeout(silenceMs, () => socket.destroy())
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () =>
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text }),
    )
    socket.write(request, 'latin1')
  })
}

/** The head of a request that is the last one of its connection. */
export function head(
  { port }: Pick<Door, 'port'>,
  line: string,
  lines: readonly string[] = [],
): string {
  const own = lines.some((one) => /^host:/i.test(one)) ? [] : [`Host: 127.0.0.1:${port}`]
  return [`${line} HTTP/1.1`, ...own, 'Connection: close', ...lines, '', ''].join('\r\n')
}

/** All that a cluster knows and keeps, as a client sees it: two equal ones, and nothing was changed between. */
export async function stateOf(server: Server): Promise<string> {
  const ask = async (path: string) => (await fetch(`${server.endpoint}${path}`)).text()
  const listing = async (bucket: string) => {
    const value = { props: 'name,size,checksum,version' }
    const init = { method: 'POST', headers: { 'x-http-method-override': 'GET' } }
    const url = `${server.endpoint}/v1/buckets/${bucket}`
    const answer = await fetch(url, { ...init, body: JSON.stringify({ action: 'list', value }) })
    const { entries } = await answer.json()
    return JSON.stringify(entries)
  }
  const documents = ['smap', 'bmd', 'config'].map((what) => ask(`/v1/daemon?what=${what}`))
  const parts = [...documents, listing('b'), listing('other'), ask('/v1/credentials/users')]
  return (await Promise.all(parts)).join('\n')
}
