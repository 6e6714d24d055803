import { runDiscard } from '../harness/discard-load.ts'
import { type EdgeRuntime, edgeRuntimes, startBareEdge, startEdgeGateway } from '../harness/edge.ts'
import type { Row, Subject } from '../harness/row.ts'
import { type Load, nameOf, runWrk } from '../harness/wrk.ts'

const sizeBytes = 1_048_576
const names = 16
const connections = 8
const mb = 1e6

function subject(name: string, method: 'GET' | 'PUT', url: string): Subject {
  const bodyBytes = method === 'PUT' ? sizeBytes : 0
  const load: Load = { method, url, names, bodyBytes, connections }
  return {
    name,
    async measure(seconds) {
      if (method === 'GET') {
        const measure = await runDiscard(load, seconds)
        return { ...measure, value: measure.value / mb }
      }
      const measure = await runWrk(load, seconds)
      return { ...measure, value: (measure.value * sizeBytes) / mb }
    },
  }
}

function relayRow(method: 'GET' | 'PUT', runtime: EdgeRuntime): Row {
  const verb = method.toLowerCase()
  return {
    name: `edge-relay-${verb}-${runtime}`,
    question: `How much of ${method}s of 1 MiB does an edge gateway on ${runtime} relay?`,
    unit: 'MB/s',
    reference: 'bare-pass-through',
    goals: { [runtime]: 0.7 },
    warmsUp: true,
    async subjects(lab) {
      const cluster = await lab.cluster('bun')
      await cluster.setTags(false)
      const bytes = Buffer.alloc(sizeBytes, 'x')
      for (let at = 0; at < names; at++) await cluster.put(`relay-${nameOf(at)}`, bytes)
      const owner = (await cluster.targetUrl(method)).replace('%NAME%', 'relay-%NAME%')
      const { origin } = new URL(owner.replace('%NAME%', 'x'))
      const bare = await lab.own(startBareEdge(origin, runtime))
      const edge = await lab.own(startEdgeGateway(cluster.endpoint, runtime, 'edge', 'off'))
      return [
        subject('bare-pass-through', method, bare.origin + owner.slice(origin.length)),
        subject(runtime, method, `${edge.origin}/v1/objects/bench/relay-%NAME%`),
      ]
    },
  }
}

/** The target is on the same core as who relays: both pay for it alike. */
export const edgeRelay: readonly Row[] = edgeRuntimes.flatMap((runtime) => [
  relayRow('GET', runtime),
  relayRow('PUT', runtime),
])
