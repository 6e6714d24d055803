import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClusterMap } from '../runner/placement/cluster-map.ts'
import type { Corruption } from './corruption.ts'
import {
  type Answered,
  type Asked,
  header,
  type RawHeader,
  withBody,
  withHeader,
} from './exchange.ts'

/** A listener before every node of a cluster: what passes can be corrupted, either way. */
export interface CorruptingProxy {
  /** Stands for the endpoint it was started for. */
  readonly endpoint: string
  /** What is done to all that passes from now on; undefined lets it pass as it is. */
  corrupt(corruption: Corruption | undefined): void
  /** Messages that the present corruption has changed. */
  readonly touched: number
  close(): void
}

/**
 * Puts a listener on loopback before each node of the map. Addresses of nodes in `Location` and in JSON
 * are replaced by those of the listeners, so that a client that follows them stays inside.
 */
export async function startCorruptingProxy(
  map: ClusterMap,
  endpoint: string,
): Promise<CorruptingProxy> {
  const agent = new Agent({ keepAlive: true })
  const servers: Server[] = []
  const fronts = new Map<string, string>()
  let present: Corruption | undefined
  let touched = 0

  const inward = (asked: Asked): Asked => {
    const changed = present?.request?.(asked)
    if (changed !== undefined) touched++
    return changed ?? asked
  }
  const outward = (answered: Answered, asked: Asked): Answered => {
    const moved = withFronts(answered, fronts)
    const changed = present?.answer?.(moved, asked)
    if (changed !== undefined) touched++
    return changed ?? moved
  }

  for (const node of [...map.proxies, ...map.targets]) {
    const origin = new URL(node.publicUrl)
    const serve = (incoming: IncomingMessage, reply: ServerResponse): void => {
      pass({ incoming, reply, origin, agent, inward, outward }).catch(() =>
        incoming.socket.destroy(),
      )
    }
    const server = createServer(serve)
    server.on('checkContinue', serve)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    fronts.set(origin.origin, `http://127.0.0.1:${port}`)
  }
  const front = fronts.get(new URL(endpoint).origin)
  if (front === undefined) throw new Error(`${endpoint} is no public address of the cluster map`)

  return {
    endpoint: front,
    corrupt(corruption) {
      present = corruption
      touched = 0
    },
    get touched() {
      return touched
    },
    close() {
      agent.destroy()
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

interface Passage {
  readonly incoming: IncomingMessage
  readonly reply: ServerResponse
  readonly origin: URL
  readonly agent: Agent
  inward(asked: Asked): Asked
  outward(answered: Answered, asked: Asked): Answered
}

/** One exchange, whole in memory. A body that waits for `100 Continue` is only called for when the node does. */
async function pass({ incoming, reply, origin, agent, inward, outward }: Passage): Promise<void> {
  const announced = incoming.headers.expect !== undefined
  const head = {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headers: pairs(incoming.rawHeaders),
  }
  const asked = inward({ ...head, body: announced ? Buffer.alloc(0) : await readAll(incoming) })
  const outgoing = request({
    agent,
    hostname: origin.hostname,
    port: origin.port,
    method: asked.method,
    path: asked.target,
    headers: asked.headers.flat(),
  })
  const answering = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
  })
  if (announced) {
    outgoing.once('continue', () => {
      reply.writeContinue()
      readAll(incoming).then(
        (body) => outgoing.end(inward({ ...head, body }).body),
        () => outgoing.destroy(),
      )
    })
    outgoing.flushHeaders()
  } else outgoing.end(asked.body)
  const answer = await answering
  const answered = outward(
    {
      status: answer.statusCode ?? 0,
      headers: pairs(answer.rawHeaders),
      body: await readAll(answer),
    },
    asked,
  )
  if (announced && !outgoing.writableEnded) outgoing.destroy()
  reply.writeHead(answered.status, answered.headers.flat())
  reply.end(answered.body)
}

function pairs(raw: readonly string[]): RawHeader[] {
  const lines: RawHeader[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) lines.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return lines
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

function withFronts(answered: Answered, fronts: ReadonlyMap<string, string>): Answered {
  const replace = (text: string): string => {
    let out = text
    for (const [origin, front] of fronts) out = out.replaceAll(origin, front)
    return out
  }
  const moved = withHeader(answered, 'location', replace)
  const isJson = header(moved, 'content-type')?.startsWith('application/json') ?? false
  if (!isJson || moved.body.length === 0) return moved
  return withBody(moved, Buffer.from(replace(moved.body.toString('latin1')), 'latin1'))
}
