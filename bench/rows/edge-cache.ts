import { runDiscard } from '../harness/discard-load.ts'
import { type EdgeRuntime, edgeRuntimes, startBareEdge, startEdgeGateway } from '../harness/edge.ts'
import type { Row, Subject } from '../harness/row.ts'
import { type Load, nameOf } from '../harness/wrk.ts'

const sizeBytes = 1_048_576
const names = 16
const connections = 8
const mb = 1e6

function subject(name: string, url: string): Subject {
  const load: Load = { method: 'GET', url, names, bodyBytes: 0, connections }
  return {
    name,
    async measure(seconds) {
      const measure = await runDiscard(load, seconds)
      return { ...measure, value: measure.value / mb }
    },
  }
}

function cacheRow(runtime: EdgeRuntime): Row {
  return {
    name: `edge-cache-${runtime}`,
    question: `How much of GETs of 1 MiB does an edge gateway on ${runtime} answer from what it keeps?`,
    unit: 'MB/s',
    reference: 'bare-pass-through',
    warmsUp: true,
    async subjects(lab) {
      const cluster = await lab.cluster('bun')
      await cluster.setTags(false)
      const bytes = Buffer.alloc(sizeBytes, 'x')
      for (let at = 0; at < names; at++) await cluster.put(`kept-${nameOf(at)}`, bytes)
      const owner = (await cluster.targetUrl('GET')).replace('%NAME%', 'kept-%NAME%')
      const { origin } = new URL(owner.replace('%NAME%', 'x'))
      const bare = await lab.own(startBareEdge(origin, runtime))
      const edge = await lab.own(startEdgeGateway(cluster.endpoint, runtime, 'edge'))
      return [
        subject('bare-pass-through', bare.origin + owner.slice(origin.length)),
        subject(runtime, `${edge.origin}/v1/objects/bench/kept-%NAME%`),
      ]
    },
  }
}

/** Each hit asks the owner by a HEAD and checks a SHA-256; who passes calls through moves the bytes over the core twice. */
export const edgeCache: readonly Row[] = edgeRuntimes.map(cacheRow)
