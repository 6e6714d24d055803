import { checkStatus } from '../node/node-answer.ts'
import type { NodeContext } from '../node/node-context.ts'
import { stringifyJson } from '../wire/json.ts'

/** Time a target has to hear that a job is over, ms. */
const tellTimeoutMs = 10_000

/** Ends a job on the other targets that were to do their part. One that cannot be reached ends it when it is through. */
export function tellOthers(
  node: NodeContext,
  job: { readonly id: string; readonly targets: readonly string[] },
  reason: string,
): void {
  const body = stringifyJson({ action: 'stop', name: '', value: { id: job.id, reason } })
  const call = { method: 'PUT', target: '/v1/xactions', body }
  for (const id of job.targets) {
    const target = node.metadata.smap().targets.get(id)
    if (target === undefined || id === node.self().daemonId) continue
    node.transport
      .call(target, 'control', call, tellTimeoutMs)
      .then(checkStatus)
      .catch((error: unknown) =>
        node.log.warn('a target does not hear of the end of a job', { id, error }),
      )
  }
}
