import { type EdgeRuntime, edgeRuntimes, startBareEdge, startEdgeGateway } from '../harness/edge.ts'
import type { Row, Subject } from '../harness/row.ts'
import { runWrk } from '../harness/wrk.ts'

const names = 64
const connections = 32

function subject(name: string, url: string): Subject {
  const load = { method: 'GET', url, names, bodyBytes: 0, connections } as const
  return { name, measure: (seconds) => runWrk(load, seconds) }
}

function redirectRow(runtime: EdgeRuntime): Row {
  return {
    name: `edge-redirect-${runtime}`,
    question: `How many GETs does an edge gateway on ${runtime} send to their owner, tagged?`,
    unit: 'requests/s',
    reference: 'bare-redirect',
    goals: { [runtime]: 0.6 },
    warmsUp: true,
    async subjects(lab) {
      const { endpoint } = await lab.cluster('bun')
      const bare = await lab.own(startBareEdge(endpoint, runtime))
      const edge = await lab.own(startEdgeGateway(endpoint, runtime, 'targets'))
      return [
        subject('bare-redirect', `${bare.origin}/redirect/%NAME%`),
        subject(runtime, `${edge.origin}/v1/objects/bench/%NAME%`),
      ]
    },
  }
}

/** On one core. The bare program is the runtime with the same listener and one constant answer. */
export const edgeRedirect: readonly Row[] = edgeRuntimes.map(redirectRow)
