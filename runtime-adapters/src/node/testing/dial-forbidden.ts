import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { OutsideCall } from '@aistore-ts/core/ports/outside-call.ts'
import { createGuardedDialer } from '../guarded-dialer.ts'
import type { Resolve } from '../guarded-lookup.ts'
import { forbiddenAnswers, forbiddenUrls } from './egress-corpus.ts'

/** What a program that dials all of the corpus tells of it. */
export interface DialReport {
  readonly tried: number
  /** What did not end in a refusal. */
  readonly passed: readonly string[]
  /** Connections that came to the listener nobody may reach. */
  readonly canary: number
  /** Of a call that is allowed: status, body, connections made for it. */
  readonly allowed: string
}

const strict = { allowCidrs: [], allowPrivate: false }
/** The one address in the corpus' way that may be called: where redirects come from. */
const gate = { allowCidrs: ['127.0.0.9/32'], allowPrivate: false }

const fixed =
  (answers: (name: string) => readonly string[]): Resolve =>
  (name, done) =>
    done(
      null,
      answers(name).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

async function dialAll(): Promise<DialReport> {
  let canary = 0
  const forbidden = createTcpServer((socket) => {
    canary += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(forbidden, 'listening')
  const address = forbidden.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  let served = 0
  const front = createServer((request, response) => {
    served += 1
    const to = decodeURIComponent(request.url?.slice(1) ?? '')
    if (to === 'plain') response.end(`hello ${request.headers.host?.split(':')[0]}`)
    else response.writeHead(302, { location: Buffer.from(to, 'utf8').toString('latin1') }).end()
  }).listen(0, '127.0.0.9')
  await once(front, 'listening')
  const frontAddress = front.address()
  const frontPort = typeof frontAddress === 'object' ? (frontAddress?.port ?? 0) : 0

  const passed: string[] = []
  let tried = 0
  const expectRefusal = async (
    what: string,
    call: Pick<OutsideCall, 'url' | 'rules'>,
    resolve?: Resolve,
  ) => {
    tried += 1
    try {
      const answer = await createGuardedDialer({ resolve })({
        ...call,
        method: 'GET',
        timeoutMs: 2_000,
      })
      answer.discard()
      passed.push(`${what}: ${answer.status}`)
    } catch (error) {
      if (!isAisError(error, 'ErrForbidden')) passed.push(`${what}: ${String(error)}`)
    }
  }
  const urls = forbiddenUrls(port)
  for (const url of urls) {
    await expectRefusal(url, { url, rules: strict })
    const from = `http://127.0.0.9:${frontPort}/${encodeURIComponent(url)}`
    await expectRefusal(`redirect to ${url}`, { url: from, rules: gate })
  }
  for (const answers of forbiddenAnswers) {
    const url = `http://rebound.test:${port}/`
    await expectRefusal(
      `${url} at ${answers}`,
      { url, rules: strict },
      fixed(() => answers),
    )
  }
  await expectRefusal('localhost', { url: `http://localhost:${port}/`, rules: strict })
  // Rebinding: the first answer is good, what the redirect back to the same name finds is not.
  let asked = 0
  const rebinding = fixed(() => (asked++ === 0 ? ['127.0.0.9'] : ['127.0.0.1']))
  const back = encodeURIComponent(`http://rebound.test:${port}/`)
  const rebound = `http://rebound.test:${frontPort}/${back}`
  await expectRefusal('rebinding', { url: rebound, rules: gate }, rebinding)
  if (asked !== 2) passed.push(`rebinding: ${asked} look-ups`)

  served = 0
  let lookups = 0
  const named = fixed(() => {
    lookups += 1
    return ['127.0.0.9']
  })
  const url = `http://good.test:${frontPort}/plain`
  const good = await createGuardedDialer({ resolve: named })({
    method: 'GET',
    url,
    rules: gate,
    timeoutMs: 5_000,
  })
  const text = new TextDecoder().decode(await good.bytes())
  const allowed = `${good.status} ${text}, ${served} served, ${lookups} look-up`
  front.closeAllConnections()
  front.close()
  forbidden.close()
  return { tried, passed, canary, allowed }
}

process.stdout.write(`${JSON.stringify(await dialAll())}\n`)
