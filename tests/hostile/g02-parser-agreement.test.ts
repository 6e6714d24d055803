import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEcho } from '../../runtime-adapters/testing/echo-process.ts'
import { startWorker } from '../../scripts/start-worker.ts'
import { oddRequests } from '../parser-agreement/corpus.ts'
import { type Outcome, readingOf } from '../parser-agreement/reading.ts'

/** Connections at once to each runtime. */
const connections = 16

describe('G02: one request, one meaning', () => {
  const servers = new Map<string, { readonly port: number; stop(): Promise<void> }>()

  beforeAll(async () => {
    for (const runtime of ['node', 'bun', 'deno'] as const) {
      servers.set(runtime, await startEcho({ runtime, read: [] }))
    }
    servers.set(
      'workerd',
      await startWorker(new URL('../parser-agreement/echo-worker.ts', import.meta.url)),
    )
  })

  afterAll(async () => {
    for (const server of servers.values()) await server.stop()
  })

  it('all runtimes that accept an odd request agree on method, name, query and body', async () => {
    const corpus = new Map(oddRequests().map(({ id, bytes }) => [bytes, id]))
    expect(corpus.size).toBeGreaterThan(2_000)
    const disagreements: unknown[] = []
    const accepted = new Map([...servers.keys()].map((name) => [name, 0]))
    const queue = corpus.entries()
    const worker = async (): Promise<void> => {
      for (const [bytes, id] of queue) {
        const readings = await Promise.all(
          [...servers].map(async ([name, { port }]): Promise<[string, Outcome]> => {
            return [name, await readingOf(port, bytes)]
          }),
        )
        const understood = readings.filter(([, outcome]) => outcome !== 'refused')
        for (const [name] of understood) accepted.set(name, (accepted.get(name) ?? 0) + 1)
        const meanings = new Set(understood.map(([, outcome]) => JSON.stringify(outcome)))
        if (meanings.size > 1) disagreements.push({ id, ...Object.fromEntries(readings) })
      }
    }
    await Promise.all(Array.from({ length: connections }, worker))
    expect(disagreements).toEqual([])
    // Who refuses everything agrees with everybody.
    for (const count of accepted.values()) expect(count).toBeGreaterThan(1_000)
  }, 120_000)
})
