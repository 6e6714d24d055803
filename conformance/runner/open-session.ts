import { parseExactJson } from './codec/parse-exact-json.ts'
import type { StepContext } from './execute/run-step.ts'
import { createHttpClient } from './http/client.ts'
import { parseClusterMap, parseEdges } from './placement/cluster-map.ts'

/** Silence after which one request of a case is given up. */
const requestTimeoutMs = 20_000

/** A run in progress: a client, the cluster's map, and a mark that no other run has. */
export interface Session extends StepContext {
  readonly run: string
  readonly startedAt: Date
  readonly serverVersion: string
}

/**
 * Reads the cluster map of an endpoint. The caller closes `client`.
 * @throws Error when the endpoint does not answer with a map
 */
export async function openSession(
  endpointUrl: string,
  concurrency: number,
  authority?: string,
): Promise<Session> {
  const endpoint = new URL(endpointUrl).origin
  const startedAt = new Date()
  const client = createHttpClient(requestTimeoutMs, concurrency * 2, authority)
  const ask = async (target: string): Promise<string> => {
    const answer = await client.send({ method: 'GET', origin: endpoint, target, headers: {} })
    if (answer.status !== 200) throw new Error(`GET ${target}: status ${answer.status}`)
    return answer.body.toString('utf8')
  }
  try {
    const smap = parseExactJson(await ask('/v1/cluster?what=smap'))
    const edges = await ask('/v1/credentials/edges').then(
      (text) => parseEdges(parseExactJson(text)),
      () => [],
    )
    return {
      endpoint,
      client,
      map: parseClusterMap(smap, edges),
      timeoutMs: requestTimeoutMs,
      authority,
      run: startedAt.getTime().toString(36),
      startedAt,
      serverVersion: await ask('/v1/daemon?what=software_version').then(
        trimVersion,
        () => 'unknown',
      ),
    }
  } catch (error) {
    client.close()
    throw error
  }
}

function trimVersion(text: string): string {
  return text.trim().replaceAll('"', '')
}
