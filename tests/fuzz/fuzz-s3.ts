import type { Handler } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { parseXml } from '@aistore-ts/core/s3/xml-reader.ts'
import { startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { corpus, fuzzBucket } from './corpus.ts'
import { type Answered, exchange, type Request } from './exchange.ts'
import { mutate } from './mutate.ts'
import { Seeded } from './seeded.ts'
import { type Signer, sign } from './sign.ts'

/** Calls under way at once. */
const concurrency = 16

/** What is wrong, at most so many times. */
const problemsMax = 20

export interface FuzzOptions {
  readonly requests: number
  readonly seed: number
  /** Told now and then how many are done. */
  readonly onProgress?: (done: number) => void
}

export interface FuzzOutcome {
  readonly statuses: ReadonlyMap<number, number>
  /** Crashes, 5xx that nothing explains, replies that are malformed, and what others lost. */
  readonly problems: readonly string[]
}

/** Why a reply is not one that S3 may give; `undefined` when it is. */
export function problemOf(
  request: Request,
  { status, headers, text }: Answered,
): string | undefined {
  const isError = status >= 400
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1]
  if (status >= 500) {
    // One process is gateway and targets at once: on a busy machine they are late for one another.
    const isExplained =
      (status === 501 && (code === 'NotImplemented' || request.method === 'HEAD')) ||
      (status === 503 && (code === 'SlowDown' || request.method === 'HEAD'))
    if (!isExplained) return `status ${status} ${code ?? ''}`
  }
  for (const [name, value] of headers) {
    if (/[\r\n\0]/.test(name + value)) return `the header ${name} is split`
  }
  if (!isError || request.method === 'HEAD' || status === 405) return undefined
  if (code === undefined) return `status ${status} without a code`
  try {
    parseXml(Buffer.from(text))
  } catch {
    return `status ${status} ${code} in a document that is not well-formed: ${JSON.stringify(text)}`
  }
  return undefined
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

const plain = (method: string, target: string, body = ''): Request => ({
  method,
  target,
  headers: [['host', 'localhost:9000']],
  body: Buffer.from(body),
})

function show({ method, target, headers, body }: Request): string {
  const lines = headers.map(([name, value]) => `${name}: ${value.slice(0, 80)}`).join('; ')
  return `${method} ${target.slice(0, 200)} {${lines}} ${JSON.stringify(Buffer.from(body).toString('latin1').slice(0, 200))}`
}

/** Of the requests that are signed, so many are signed before they are changed. */
const tamperedShare = 0.2

function nextRequest(random: Seeded, signer: Signer, uploadId: string): Request {
  const total = corpus.reduce((sum, { weight }) => sum + weight, 0)
  let left = random.below(total)
  const chosen = corpus.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  const base = (chosen ?? random.pick(corpus)).request
  const known = { ...base, target: base.target.replace('uploadId=0', `uploadId=${uploadId}`) }
  const payloadOf = ({ headers }: Request) => {
    const stated = headers.find(([name]) => name === 'x-amz-content-sha256')?.[1]
    return stated ?? (random.chance(0.5) ? 'UNSIGNED-PAYLOAD' : undefined)
  }
  if (random.chance(0.1)) return mutate(known, random)
  if (random.chance(tamperedShare)) return mutate(sign(known, signer, payloadOf(known)), random)
  const changed = mutate(known, random)
  return sign(changed, signer, payloadOf(changed))
}

/** Gives the S3 handler of a gateway, in this process, requests that are wrong in many ways. */
export async function fuzzS3({ requests, seed, onProgress }: FuzzOptions): Promise<FuzzOutcome> {
  const handlers: Handler[] = []
  const server = await startServer({
    targets: 2,
    platform: listening(await createPlatform(), handlers),
    config: { log: { level: '0' } },
  })
  // The gateway starts first: public, control, data, S3.
  const [, , , handler] = handlers
  const random = new Seeded(seed)
  const statuses = new Map<number, number>()
  const problems: string[] = []
  try {
    if (handler === undefined) throw new Error('the gateway has no S3 of its own')
    const ask = (request: Request) => exchange(handler, request)
    const makeKey = async (user: string): Promise<() => Signer> => {
      const post = async (path: string, body: unknown) => {
        const url = `${server.endpoint}/v1/credentials/${path}`
        const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
        if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
      }
      const pair = { access_key: `KEY-OF-${user}`, secret_key: `secret-of-${user}-0123456789` }
      await post('users', { id: user })
      await post('keys', { user, ...pair })
      return () => ({ accessKey: pair.access_key, secretKey: pair.secret_key, time: nowText() })
    }
    const keeper = await makeKey('keeper')
    const attacker = await makeKey('attacker')
    const must = async (request: Request, signer: Signer): Promise<string> => {
      const { status, text } = await ask(sign(request, signer))
      if (status !== 200) throw new Error(`${show(request)}: ${status} ${text}`)
      return text
    }
    await must(plain('PUT', '/keepers-bucket'), keeper())
    await must(plain('PUT', '/keepers-bucket/key', 'not to be touched'), keeper())
    await must(plain('PUT', `/${fuzzBucket}`), attacker())
    await must(plain('PUT', `/${fuzzBucket}/key`, 'hello world'), attacker())
    const begun = await must(plain('POST', `/${fuzzBucket}/big?uploads`), attacker())
    const uploadId = /<UploadId>([^<]*)</.exec(begun)?.[1] ?? ''
    let sent = 0
    let signer = attacker()
    const work = async (): Promise<void> => {
      while (sent < requests && problems.length < problemsMax) {
        sent += 1
        if (sent % 10_000 === 0) {
          signer = attacker()
          onProgress?.(sent)
        }
        const request = nextRequest(random, signer, uploadId)
        try {
          const answered = await ask(request)
          statuses.set(answered.status, (statuses.get(answered.status) ?? 0) + 1)
          const problem = problemOf(request, answered)
          if (problem !== undefined) problems.push(`${problem}: ${show(request)}`)
        } catch (error) {
          const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
          problems.push(`thrown: ${text}: ${show(request)}`)
        }
      }
    }
    await Promise.all(Array.from({ length: concurrency }, work))
    const kept = await must(plain('GET', '/keepers-bucket?list-type=2'), keeper())
    if (!kept.includes('<KeyCount>1<')) problems.push(`another user's bucket was changed: ${kept}`)
    return { statuses, problems }
  } finally {
    await server.stop()
  }
}
