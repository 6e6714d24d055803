import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { type Answered, exchange, type Request } from './exchange.ts'
import { type Signer, sign } from './sign.ts'

/** The S3 handler of a gateway without its listener, in one process with the targets behind it. */
export interface GatewayInProcess {
  readonly server: Server
  /** A call of S3, at the root. */
  ask(request: Request): Promise<Answered>
  /** A call of the public listener of any node, the gateway's where none is named; S3 is below `/s3`. */
  askNode(request: Request, url?: string): Promise<Answered>
  /** Makes a user with a key pair; signs as of the time of the call. */
  makeUser(id: string): Promise<() => Signer>
  /** Signs and sends what is to be done for sure. @throws Error when it is not */
  must(request: Request, signer: Signer): Promise<string>
  stop(): Promise<void>
}

/** The same platform, whose listeners' handlers are known by their ports. */
function listening(platform: Platform, handlers: Map<number, Handler>): Platform {
  return {
    ...platform,
    async serve(handler, options) {
      const listener = await platform.serve(handler, options)
      handlers.set(listener.port, handler)
      return listener
    },
  }
}

function nowText(): string {
  return new Date().toISOString().replace(/[-:]|\.\d+/g, '')
}

/** A request with nothing but what it must have. */
export function plainRequest(method: string, target: string, body = ''): Request {
  return { method, target, headers: [['host', 'localhost:9000']], body: Buffer.from(body) }
}

/** @param dir of the data; without it a folder in memory */
export async function startGatewayInProcess(dir?: string): Promise<GatewayInProcess> {
  const handlers = new Map<number, Handler>()
  const platform = listening(await createPlatform(), handlers)
  const config = { log: { level: '0' } }
  const server = await startServer({ targets: 2, platform, config, ...(dir && { dir }) })
  const at = (url: string, request: Request): Promise<Answered> => {
    const handler = handlers.get(Number(new URL(url).port))
    if (handler === undefined) throw new Error(`nobody listens at ${url}`)
    return exchange(handler, request)
  }
  const ask = (request: Request) => at(server.s3Endpoint, request)

  async function post(path: string, body: unknown): Promise<void> {
    const url = `${server.endpoint}/v1/credentials/${path}`
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  }

  return {
    server,
    ask,
    askNode: (request, url = server.endpoint) => at(url, request),
    async makeUser(id) {
      const pair = { accessKey: `KEY-OF-${id}`, secretKey: `secret-of-${id}-0123456789` }
      await post('users', { id })
      await post('keys', { user: id, access_key: pair.accessKey, secret_key: pair.secretKey })
      return () => ({ ...pair, time: nowText() })
    },
    async must(request, signer) {
      const { status, text } = await ask(sign(request, signer))
      if (status !== 200) {
        throw new Error(`${request.method} ${request.target}: ${status} ${text}`)
      }
      return text
    },
    stop: () => server.stop(),
  }
}
