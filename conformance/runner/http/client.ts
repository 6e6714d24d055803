import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import { isIP } from 'node:net'
import { type Answer, decodeHeaderText, type HeaderLine } from './answer.ts'

/** Bodies above this are announced with `Expect`, so that a redirect need not drain them. */
const announcedBodyBytesMin = 64 * 1024

/** One request, ready to be sent. */
export interface HttpRequest {
  readonly method: string
  /** Origin, such as `http://127.0.0.1:8080`. */
  readonly origin: string
  /** Path and query exactly as they shall travel. */
  readonly target: string
  readonly headers: { readonly [name: string]: string | readonly string[] }
  readonly body?: Uint8Array
  /** Send the body without a length. */
  readonly chunked?: boolean
}

/** Sends requests over kept-alive connections of its own. */
export interface HttpClient {
  /**
   * Sends one request and reads the whole answer; follows nothing.
   * @throws Error when no answer came in time
   */
  send(request: HttpRequest): Promise<Answer>
  /** Closes every connection. */
  close(): void
}

/**
 * @param timeoutMs silence after which a request is given up
 * @param authority PEM of who signed the servers' certificates, where the system does not know it
 */
export function createHttpClient(
  timeoutMs: number,
  socketsMax: number,
  authority?: string,
): HttpClient {
  const pool = { keepAlive: true, maxSockets: socketsMax }
  const agents: Agents = {
    plain: new Agent(pool),
    secure: new TlsAgent({ ...pool, ...(authority !== undefined && { ca: authority }) }),
  }
  const sendOnce = (asked: HttpRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = open(asked, agents)
      let answered = false
      outgoing.setTimeout(timeoutMs, () =>
        outgoing.destroy(new Error(`silent for ${timeoutMs} ms`)),
      )
      outgoing.on('response', (incoming) => {
        answered = true
        readAnswer(asked, incoming).then(resolve, reject)
      })
      outgoing.on('error', (error) => {
        if (answered) return
        const stale = outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
        reject(stale ? new StaleConnection(error.message) : error)
      })
      write(outgoing, asked)
    })
  return {
    async send(asked) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await sendOnce(asked)
        } catch (error) {
          if (!(error instanceof StaleConnection) || attempt > socketsMax) throw error
        }
      }
    },
    close() {
      agents.plain.destroy()
      agents.secure.destroy()
    },
  }
}

/** The server closed an idle connection in the moment it was used again. */
class StaleConnection extends Error {}

interface Agents {
  readonly plain: Agent
  readonly secure: TlsAgent
}

function open(asked: HttpRequest, agents: Agents): ClientRequest {
  const { protocol, hostname, port } = new URL(asked.origin)
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(asked.headers)) {
    headers[name] = typeof value === 'string' ? latin1(value) : value.map(latin1)
  }
  if (asked.chunked === true) headers['transfer-encoding'] = 'chunked'
  else if (asked.body !== undefined) headers['content-length'] = String(asked.body.length)
  else if (!['GET', 'HEAD'].includes(asked.method)) headers['content-length'] = '0'
  if (isAnnounced(asked)) headers.expect = '100-continue'
  const options = { hostname, port, path: asked.target, method: asked.method, headers }
  return protocol === 'https:'
    ? requestTls({
        ...options,
        agent: agents.secure,
        servername: isIP(hostname) > 0 ? '' : hostname,
      })
    : request({ ...options, agent: agents.plain })
}

function write(outgoing: ClientRequest, asked: HttpRequest): void {
  if (asked.body === undefined) outgoing.end()
  else if (!isAnnounced(asked)) outgoing.end(asked.body)
  else {
    outgoing.on('continue', () => outgoing.end(asked.body))
    outgoing.on('response', (incoming) => incoming.on('end', () => outgoing.destroy()))
    outgoing.flushHeaders()
  }
}

function isAnnounced(asked: HttpRequest): boolean {
  return asked.body !== undefined && asked.body.length >= announcedBodyBytesMin
}

async function readAnswer(asked: HttpRequest, incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  const headers: HeaderLine[] = []
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const name = incoming.rawHeaders[index] ?? ''
    headers.push([name.toLowerCase(), decodeHeaderText(incoming.rawHeaders[index + 1] ?? '')])
  }
  return {
    status: incoming.statusCode ?? 0,
    headers,
    body: Buffer.concat(chunks),
    method: asked.method,
    url: asked.origin + asked.target,
  }
}

function latin1(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}
