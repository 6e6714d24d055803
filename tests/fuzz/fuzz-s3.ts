import { parseXml } from '@aistore-ts/core/s3/xml-reader.ts'
import { corpus, fuzzBucket } from './corpus.ts'
import type { Answered, Request } from './exchange.ts'
import { plainRequest, startGatewayInProcess } from './gateway-in-process.ts'
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
  const gateway = await startGatewayInProcess()
  const { ask, must } = gateway
  const random = new Seeded(seed)
  const statuses = new Map<number, number>()
  const problems: string[] = []
  try {
    const keeper = await gateway.makeUser('keeper')
    const attacker = await gateway.makeUser('attacker')
    await must(plainRequest('PUT', '/keepers-bucket'), keeper())
    await must(plainRequest('PUT', '/keepers-bucket/key', 'not to be touched'), keeper())
    await must(plainRequest('PUT', `/${fuzzBucket}`), attacker())
    await must(plainRequest('PUT', `/${fuzzBucket}/key`, 'hello world'), attacker())
    const begun = await must(plainRequest('POST', `/${fuzzBucket}/big?uploads`), attacker())
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
    const kept = await must(plainRequest('GET', '/keepers-bucket?list-type=2'), keeper())
    if (!kept.includes('<KeyCount>1<')) problems.push(`another user's bucket was changed: ${kept}`)
    return { statuses, problems }
  } finally {
    await gateway.stop()
  }
}
