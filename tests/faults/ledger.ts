import { createChance } from './chance.ts'
import type { LabNode } from './lab-node.ts'

/** What a key may hold: the number of the write, or nothing. */
type State = number | undefined

interface Key {
  readonly name: string
  /** Each answer must be one of these: more than one after a call whose outcome is unknown. */
  possible: Set<State>
  sequence: number
}

/** A span without a successful call, ms. */
export interface Outage {
  readonly longestMs: number
  readonly calls: number
  /** What came instead of an answer: how often. */
  readonly failures: ReadonlyMap<string, number>
}

export interface LedgerOptions {
  readonly seed: number
  readonly gateways: readonly LabNode[]
  readonly bucket: string
  readonly writers: number
  readonly keysPerWriter: number
  /** Bytes of the largest object. */
  readonly bytesMax: number
  /** How many times longer than usual a call may take. */
  readonly slack: number
}

/** A load that knows what every answer may be. */
export interface Ledger {
  /** While it is false an existing key may be missing: its target is away. */
  complete: boolean
  /** Gateways that the load goes through from now on. Resolves when no call through the others is under way. */
  use(gateways: readonly LabNode[]): Promise<void>
  /** From now on outages are counted anew. */
  mark(): void
  outage(): Outage
  stop(): Promise<void>
  /** Reads every key and the list. Resolves with what is wrong. */
  verify(): Promise<string[]>
}

const callTimeoutMs = 2_000
/** Pause of a writer after a call that came to nothing, ms. */
const afterFailureMs = 10
/** Time that making the bucket may take, ms. */
const createTimeoutMs = 10_000

/** Bytes of the smallest object. */
const bytesMin = 2_000
/** Bytes of the longest range that is asked for. */
const rangeBytesMax = 50_000

/** Content that says what it is, and is long enough to be torn. */
function contentOf(name: string, sequence: number, bytesMax: number): string {
  const bytes = bytesMin + ((sequence * 7_919) % (bytesMax - bytesMin))
  return `${name}#${sequence}|`.padEnd(bytes, `${sequence}.`)
}

function sequenceOf(name: string, content: string, bytesMax: number): State | 'wrong' {
  const match = /^(.*)#(\d+)\|/.exec(content)
  if (match === null || match[1] !== name) return 'wrong'
  const sequence = Number(match[2])
  return content === contentOf(name, sequence, bytesMax) ? sequence : 'wrong'
}

/** One call, redirects followed. @throws Error naming who did not answer */
async function call(
  method: string,
  url: string,
  timeoutMs: number,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  let at = url
  try {
    for (let hops = 0; hops < 4; hops++) {
      const signal = AbortSignal.timeout(timeoutMs)
      const init = {
        method,
        headers,
        redirect: 'manual' as const,
        signal,
        ...(body === undefined ? {} : { body }),
      }
      const reply = await fetch(at, init)
      const location = reply.headers.get('location')
      if (location === null) return reply
      await reply.arrayBuffer()
      at = location
    }
    throw new Error('too many redirects')
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const who = new URL(at).host
    throw new Error(`${method} ${who}: ${cause instanceof Error ? cause.message : cause}`)
  }
}

/** Creates the bucket and begins. */
export async function startLedger(options: LedgerOptions): Promise<Ledger> {
  const { bucket, writers, keysPerWriter, bytesMax, seed, slack } = options
  const problems: string[] = []
  const startedAt = performance.now()
  /** What was wrong, and when. */
  function wrong(what: string): void {
    problems.push(`after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${what}`)
  }
  const keys: Key[] = []
  let gateways = options.gateways
  let stopping = false
  const underWay = new Set<Promise<unknown>>()
  let lastSuccess = performance.now()
  let longestMs = 0
  let calls = 0
  let failures = new Map<string, number>()

  function succeeded(): void {
    const now = performance.now()
    longestMs = Math.max(longestMs, now - lastSuccess)
    lastSuccess = now
    calls += 1
  }

  /** The answer with its text; `undefined` when there was none, or one that says nothing of the outcome. */
  async function ask(
    method: string,
    url: string,
    expected: readonly number[],
    body?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; text: string } | undefined> {
    let failure: string
    try {
      const reply = await call(method, url, callTimeoutMs * slack, body, headers)
      const text = await reply.text()
      if (expected.includes(reply.status)) return { status: reply.status, text }
      failure = `${method} ${new URL(reply.url).host} ${reply.status} ${text.slice(0, 200)}`
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
    }
    failures.set(failure, (failures.get(failure) ?? 0) + 1)
    // While nobody is there the others' share of the machine is not to be burnt.
    await new Promise((resolve) => setTimeout(resolve, afterFailureMs))
    return undefined
  }

  const urlOf = (key: Key, chance: () => number) => {
    const gateway = gateways[Math.floor(chance() * gateways.length)]
    return `${gateway?.url}/v1/objects/${bucket}/${key.name}`
  }

  async function put(key: Key, chance: () => number): Promise<void> {
    key.sequence += 1
    const next = key.sequence
    key.possible.add(next)
    if (!(await ask('PUT', urlOf(key, chance), [200], contentOf(key.name, next, bytesMax)))) return
    key.possible = new Set([next])
    succeeded()
  }

  async function remove(key: Key, chance: () => number): Promise<void> {
    const before = new Set(key.possible)
    const away = !ledger.complete
    key.possible.add(undefined)
    const reply = await ask('DELETE', urlOf(key, chance), [200, 404])
    if (reply === undefined) return
    succeeded()
    if (reply.status === 200) {
      key.possible = new Set([undefined])
      return
    }
    if (away || !ledger.complete) {
      // Nothing was there to delete; a target that is away may have it, and hears of the delete when it is back.
      key.possible = new Set([...before, undefined])
      return
    }
    key.possible = before
    if (!before.has(undefined)) {
      wrong(`${key.name} is gone; it may be ${[...before].join(', ')}`)
    }
  }

  async function read(key: Key, url: string, missingAllowed: boolean): Promise<void> {
    const reply = await ask('GET', url, [200, 404])
    if (reply === undefined) return
    succeeded()
    if (reply.status === 404) {
      if (!missingAllowed && !key.possible.has(undefined)) {
        wrong(`${key.name} is gone; it may be ${[...key.possible].join(', ')}`)
      }
      return
    }
    const found = sequenceOf(key.name, reply.text, bytesMax)
    if (found === 'wrong') wrong(`${key.name} holds ${reply.text.slice(0, 40)}...`)
    else if (!key.possible.has(found) && !missingAllowed) {
      wrong(`${key.name} holds ${found}; it may be ${[...key.possible].join(', ')}`)
    }
  }

  /** A range that every version has: it must be that of one version which may be there. */
  async function readRange(key: Key, chance: () => number): Promise<void> {
    const before = !ledger.complete
    const start = Math.floor(chance() * (bytesMin - 1))
    const end = start + Math.floor(chance() * rangeBytesMax)
    const headers = { range: `bytes=${start}-${end}` }
    const reply = await ask('GET', urlOf(key, chance), [206, 404], undefined, headers)
    if (reply === undefined) return
    succeeded()
    const older = before || !ledger.complete
    if (reply.status === 404) {
      if (!older && !key.possible.has(undefined)) wrong(`${key.name} has no range`)
      return
    }
    const versions = older ? Array.from({ length: key.sequence + 1 }, (_, at) => at) : key.possible
    for (const version of versions) {
      if (version === undefined) continue
      if (contentOf(key.name, version, bytesMax).slice(start, end + 1) === reply.text) return
    }
    wrong(`${key.name} has a wrong range ${start}-${end}: ${reply.text.slice(0, 40)}...`)
  }

  async function writer(index: number): Promise<void> {
    const chance = createChance(seed * 1_000 + index)
    const own = Array.from({ length: keysPerWriter }, (_, at): Key => {
      return { name: `w${index}-k${at}`, possible: new Set([undefined]), sequence: 0 }
    })
    keys.push(...own)
    while (!stopping) {
      const key = own[Math.floor(chance() * own.length)]
      if (key === undefined) return
      const operation = operate(key, chance)
      underWay.add(operation)
      await operation
      underWay.delete(operation)
    }
  }

  async function operate(key: Key, chance: () => number): Promise<void> {
    const draw = chance()
    if (draw < 0.55) await put(key, chance)
    else if (draw < 0.65) await remove(key, chance)
    else if (draw < 0.75) await readRange(key, chance)
    else {
      // Asked before the call: a target may leave while it runs.
      const before = !ledger.complete
      await read(key, urlOf(key, chance), before || !ledger.complete)
    }
  }

  const create = await call(
    'POST',
    `${gateways[0]?.url}/v1/buckets/${bucket}`,
    createTimeoutMs,
    JSON.stringify({ action: 'create-bck' }),
  )
  if (create.status !== 200) throw new Error(`bucket ${bucket} was not created: ${create.status}`)

  async function listed(): Promise<Set<string>> {
    const names = new Set<string>()
    let token = ''
    do {
      const value = { continuation_token: token, props: 'name', pagesize: 1_000 }
      const reply = await fetch(`${gateways[0]?.url}/v1/buckets/${bucket}`, {
        method: 'POST',
        headers: { 'X-HTTP-Method-Override': 'GET' },
        body: JSON.stringify({ action: 'list', value }),
      })
      const page = (await reply.json()) as {
        entries: { name: string }[] | null
        continuation_token: string
      }
      for (const { name } of page.entries ?? []) {
        if (names.has(name)) wrong(`${name} is listed twice`)
        names.add(name)
      }
      token = page.continuation_token
    } while (token !== '')
    return names
  }

  let running: Promise<unknown> = Promise.resolve()
  const ledger: Ledger = {
    complete: true,
    async use(now) {
      gateways = now
      await Promise.all([...underWay])
    },
    mark() {
      lastSuccess = performance.now()
      longestMs = 0
      calls = 0
      failures = new Map()
    },
    outage: () => ({
      longestMs: Math.max(longestMs, performance.now() - lastSuccess),
      calls,
      failures,
    }),
    async stop() {
      stopping = true
      await running
    },
    async verify() {
      const chance = createChance(seed)
      for (const key of keys) await read(key, urlOf(key, chance), false)
      const names = await listed()
      for (const { name, possible } of keys) {
        if (names.has(name) && possible.size === 1 && possible.has(undefined)) {
          wrong(`${name} is listed though it was deleted`)
        }
        if (!names.has(name) && !possible.has(undefined)) wrong(`${name} is not listed`)
      }
      return problems
    },
  }
  running = Promise.all(Array.from({ length: writers }, (_, index) => writer(index)))
  return ledger
}
