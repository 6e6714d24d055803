import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { type Answered, exchange, type Request } from './exchange.ts'
import { type Signer, sign } from './sign.ts'

/** The S3 handler of a gateway without its listener, in one process with the targets behind it. */
export interface GatewayInProcess {
  ask(request: Request): Promise<Answered>
  /** Makes a user with a key pair; signs as of the time of the call. */
  makeUser(id: string): Promise<() => Signer>
  /** Signs and sends what is to be done for sure. @throws Error when it is not */
  must(request: Request, signer: Signer): Promise<string>
  stop(): Promise<void>
}

/** The same platform, whose listeners' handlers are known. */
function listening(platform: Platform, handlers: Handler[]): Platform {
  return {
    ...platform,
    serve(handler, options) {
      handlers.push(handler)
      return platform.serve(handler, options)
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

export async function startGatewayInProcess(): Promise<GatewayInProcess> {
  const handlers: Handler[] = []
  const platform = listening(await createPlatform(), handlers)
  const server = await startServer({ targets: 2, platform, config: { log: { level: '0' } } })
  // The gateway starts first: public, control, data, S3.
  const [, , , handler] = handlers
  if (handler === undefined) {
    await server.stop()
    throw new Error('the gateway has no S3 of its own')
  }
  const ask = (request: Request) => exchange(handler, request)

  async function post(path: string, body: unknown): Promise<void> {
    const url = `${server.endpoint}/v1/credentials/${path}`
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  }

  return {
    ask,
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
