import { createHash } from 'node:crypto'
import { Sha256 } from '@aistore-ts/core/s3/auth/testing/smithy-sha256.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { SignatureV4 } from '@smithy/signature-v4'

export interface Pair {
  readonly access_key: string
  readonly secret_key: string
}

export interface Ask {
  readonly method: string
  /** `/bucket/key`, encoded; with `?query`. */
  readonly path: string
  readonly body?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of an error document; empty when it is none. */
  readonly code: string
}

async function toldOf(answer: Response): Promise<Told> {
  const text = await answer.text()
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? ''
  return { status: answer.status, headers: answer.headers, text, code }
}

/** A small cluster with users, asked over HTTP; signatures are those of Amazon's own client. */
export class SignedClient {
  readonly server: Server
  readonly #pairs = new Map<string, Pair>()
  readonly #canonicalIds = new Map<string, string>()

  private constructor(server: Server) {
    this.server = server
  }

  static async start(): Promise<SignedClient> {
    return new SignedClient(await startServer({ proxies: 2, targets: 2 }))
  }

  async #credentials(path: string, body: unknown): Promise<Record<string, unknown>> {
    const url = `${this.server.endpoint}/v1/credentials/${path}`
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
    return await answer.json()
  }

  /** Makes a user with a key pair. */
  async addUser(id: string, permissions?: unknown, email = ''): Promise<void> {
    const user = await this.#credentials('users', { id, permissions, email })
    this.#canonicalIds.set(id, String(user.canonical_id))
    const access_key = `KEY-OF-${id}`
    const pair = { access_key, secret_key: `secret-of-${id}-with-many-letters` }
    await this.#credentials('keys', { user: id, ...pair })
    this.#pairs.set(id, pair)
  }

  pair(user: string): Pair {
    const pair = this.#pairs.get(user)
    if (pair === undefined) throw new Error(`no user ${user}`)
    return pair
  }

  canonicalId(user: string): string {
    return this.#canonicalIds.get(user) ?? ''
  }

  /** `http://host:port` of a gateway. */
  origin(gateway = 1): string {
    return this.server.proxies[gateway]?.snode.publicNet.url ?? ''
  }

  #signer({ access_key, secret_key }: Pair): SignatureV4 {
    return new SignatureV4({
      service: 's3',
      region: 'us-east-1',
      uriEscapePath: false,
      credentials: { accessKeyId: access_key, secretAccessKey: secret_key },
      sha256: Sha256,
    })
  }

  #request({ method, path, body = '', headers = {} }: Ask, sha: string, gateway: number) {
    const url = new URL(this.origin(gateway))
    const [pathname = '', query = ''] = path.split('?')
    return {
      method,
      protocol: 'http:',
      hostname: url.hostname,
      port: Number(url.port),
      path: `/s3${pathname}`,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: { host: url.host, 'x-amz-content-sha256': sha, ...headers },
      ...(body === '' ? {} : { body }),
    }
  }

  /** Asks on behalf of a user; of nobody without one. */
  async ask(user: string | undefined, one: Ask, gateway = 1): Promise<Told> {
    const { method, body } = one
    const url = `${this.origin(gateway)}/s3${one.path}`
    const sent = body === undefined ? {} : { body }
    if (user === undefined) {
      return toldOf(
        await fetch(url, { method, headers: one.headers ?? {}, redirect: 'manual', ...sent }),
      )
    }
    const sha = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    const signed = await this.#signer(this.pair(user)).sign(this.#request(one, sha, gateway))
    const { host: _, ...headers } = signed.headers
    return toldOf(await fetch(url, { method, headers, redirect: 'manual', ...sent }))
  }

  /** A URL that a user signed. */
  async presign(user: string, one: Ask, expiresIn = 60): Promise<string> {
    const request = this.#request(one, 'UNSIGNED-PAYLOAD', 1)
    const { query = {} } = await this.#signer(this.pair(user)).presign(request, { expiresIn })
    const text = new URLSearchParams(Object.entries(query).map(([n, v]) => [n, String(v)]))
    return `${this.origin()}${request.path}?${text}`
  }

  /** A URL as it is, by whoever has it. */
  async fetch(url: string, init: RequestInit = {}): Promise<Told> {
    return toldOf(await fetch(url, { redirect: 'manual', ...init }))
  }
}

/** A bucket policy of one statement. */
export function policyOf(statement: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}
