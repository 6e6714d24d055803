import { enrolEdge, startEdge } from '../../scripts/edge-process.ts'
import { startWorker } from '../../scripts/start-worker.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row } from '../harness/row.ts'

const worker = new URL('../bare/edge-worker.ts', import.meta.url)
const starts = 5

async function answered(url: string, status: number): Promise<void> {
  const answer = await fetch(url, { redirect: 'manual' })
  await answer.arrayBuffer()
  if (answer.status !== status) throw new Error(`${url} gave ${answer.status}`)
}

/** From the start of workerd to the answer of a worker of one line, ms. */
async function bareStart(): Promise<number> {
  const running = await startWorker(worker)
  const readyAt = performance.now()
  await answered(`http://127.0.0.1:${running.port}/hello`, 200)
  const tookMs = running.tookMs + performance.now() - readyAt
  await running.stop()
  return tookMs
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** The same until an edge gateway has pulled its map and sends a GET to its owner. */
async function edgeStart(variables: Readonly<Record<string, string>>): Promise<number> {
  const edge = await startEdge('workerd', variables)
  const readyAt = performance.now()
  await answered(`${edge.endpoint}/v1/objects/bench/any`, 301)
  const tookMs = edge.tookMs + performance.now() - readyAt
  await edge.stop()
  return tookMs
}

async function above(variables: Readonly<Record<string, string>>): Promise<number> {
  const differences: number[] = []
  for (let at = 0; at < starts; at++) {
    const bareMs = await bareStart()
    differences.push((await edgeStart(variables)) - bareMs)
  }
  return median(differences)
}

/** Starts of either kind take turns: what the machine does meanwhile falls on both. */
export const edgeColdStart: Row = {
  name: 'edge-cold-start',
  question:
    'How much longer than a worker of one line does an edge gateway on workerd take to answer?',
  unit: 'ms',
  reference: 'bare-worker',
  limits: { 'workerd-above': 25 },
  async subjects(lab: Lab) {
    const { endpoint } = await lab.cluster('bun')
    const variables = await enrolEdge(endpoint, `bench-cold-${process.pid}`)
    return [
      { name: 'bare-worker', measure: async () => ({ value: await bareStart() }) },
      { name: 'workerd-above', measure: async () => ({ value: await above(variables) }) },
    ]
  },
}
