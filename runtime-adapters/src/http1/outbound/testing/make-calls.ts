// Calls a server of odd answers by the runtime's own platform, and prints what came of each call.
import { createHash } from 'node:crypto'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, NodeCall } from '@aistore-ts/core/ports/call.ts'
import { createPlatform } from '../../../create-platform.ts'

const origin = process.argv[2] ?? ''
const { call } = await createPlatform()
const report: Record<string, unknown> = {}
const timeoutMs = 5_000

async function told(name: string, ask: () => Promise<unknown>): Promise<void> {
  try {
    report[name] = await ask()
  } catch (error) {
    report[name] = isAisError(error) ? error.code : String(error)
  }
}

const get = (target: string, more: Partial<NodeCall> = {}): Promise<Answer> =>
  call(origin, { method: 'GET', target, ...more }, timeoutMs)

const text = async (answer: Answer): Promise<string> => {
  return `${answer.status} ${new TextDecoder().decode(await answer.bytes())}`
}

async function* pieces(count: number, sizeBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at++) yield new Uint8Array(sizeBytes).fill(at)
}

for (const target of [
  '/length',
  '/chunked',
  '/until-close',
  '/interim',
  '/old',
  '/byte-by-byte',
  '/short',
  '/short-chunked',
  '/no-http',
  '/two-lengths',
  '/bad-chunk',
  '/switch',
  '/folded',
  '/close-at-once',
]) {
  await told(target, async () => text(await get(target)))
}
await told('head', async () => {
  const answer = await get('/length', { method: 'HEAD' })
  return `${await text(answer)}${answer.headers.get('content-length')}`
})
await told('large', async () => {
  const digest = createHash('md5')
  let count = 0
  const answer = await get('/large')
  await answer.body.consume((chunk) => {
    digest.update(chunk)
    // Now and then the reader is slow.
    if (++count % 50 === 0) return new Promise((resolve) => setImmediate(resolve))
  })
  return digest.digest('hex')
})
await told('iterated', async () => {
  const digest = createHash('md5')
  for await (const chunk of (await get('/large')).body) digest.update(chunk)
  return digest.digest('hex')
})
await told('lent, many at once and each slowly', async () => {
  const digests = Array.from({ length: 4 }, async (_, at) => {
    const { body } = await get(at % 2 === 0 ? '/large' : '/large-chunked')
    const digest = createHash('md5')
    let count = 0
    for await (const chunk of body.lent?.() ?? body) {
      // What others read meanwhile must not get into the chunk.
      if (++count % 5 === at) await new Promise((resolve) => setImmediate(resolve))
      digest.update(chunk)
    }
    return digest.digest('hex')
  })
  return [...new Set(await Promise.all(digests))]
})
await told('passed on', async () => {
  const { body } = await get('/large')
  return text(await get('/md5', { method: 'PUT', body, lengthBytes: body.lengthBytes }))
})
await told('passed on in chunks', async () => {
  const { body } = await get('/large')
  return text(await get('/md5', { method: 'PUT', body }))
})
await told('refused early', async () => {
  const body = pieces(400, 65_536)
  return text(await get('/refuse', { method: 'PUT', body, lengthBytes: 400 * 65_536 }))
})
await told('discarded', async () => {
  const answer = await get('/large')
  answer.discard()
  return text(await get('/length'))
})
await told('split by a target', async () => text(await get('/x HTTP/1.1\r\nX: y')))
await told('split by a name', async () => text(await get('/length', { headers: [['a\r\nb', '']] })))
await told('kept', async () => {
  const ports = new Set<string>()
  for (let at = 0; at < 20; at++) ports.add(await text(await get('/port')))
  return ports.size
})
await told('many at once', async () => {
  const answers = Array.from({ length: 200 }, async () => text(await get('/length')))
  return new Set(await Promise.all(answers)).size
})
console.log(JSON.stringify(report))
process.exit(0)
