import { parseJson } from '@aistore-ts/core/wire/json.ts'
import { createOutbound } from '@aistore-ts/runtime-adapters/node/outbound.ts'
import type { CertificateFiles } from '../files/certificate.ts'

/** Time the cluster has for one answer, ms. */
const answerMs = 15_000

/**
 * Calls the cluster that was started, as JSON.
 * @returns `undefined` for an empty answer @throws Error naming the call, when it is refused or not answered
 */
export type AskCluster = (method: string, target: string, body?: unknown) => Promise<unknown>

/** `certificate`: that of the cluster, where it serves HTTPS. */
export function createAskCluster(
  endpoint: string,
  certificate: CertificateFiles | undefined,
): AskCluster {
  const outbound = createOutbound({ tls: certificate })
  return async (method, target, body) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const call = { method, target, ...(text === undefined ? {} : { body: text }) }
    const answer = await outbound.call(endpoint, call, answerMs)
    const said = new TextDecoder().decode(await answer.bytes())
    if (answer.status >= 200 && answer.status < 300)
      return said === '' ? undefined : parseJson(said)
    throw new Error(`${method} ${target}: ${answer.status}`)
  }
}
