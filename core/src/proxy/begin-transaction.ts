import type { Bck } from '../bucket/bck.ts'
import { type BucketProps, bucketPropsToJson } from '../bucket/bucket-props.ts'
import { isQuiet } from '../cluster/control/lead.ts'
import { activeTargets } from '../cluster/smap.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkStatus } from '../node/node-answer.ts'
import type { Transaction } from '../target/check-transaction.ts'
import { stringifyJson } from '../wire/json.ts'
import { encodePath } from '../wire/target.ts'
import type { ProxyNode } from './proxy.ts'

/**
 * Asks every active target whether it could follow a change of the bucket. One that cannot be reached has no veto: it
 * gets the new BMD when it is back, or leaves the map.
 * @param locks the bucket is to go, and can hold locked versions
 * @throws AisError as the first target that could not follow: nothing has changed then
 */
export async function beginTransaction(
  proxy: ProxyNode,
  bck: Bck,
  action: Transaction['action'],
  props: BucketProps | undefined,
  locks = false,
): Promise<void> {
  const body = stringifyJson({
    action,
    ...(locks ? { locks } : {}),
    props: props === undefined ? undefined : bucketPropsToJson(props),
  })
  const call = { method: 'POST', target: encodePath(`/v1/txn/${bck.name}/begin`), body }
  const patienceMs = 2 * proxy.metadata.config().timeout.max_keepalive
  const timing = proxy.control.timing()
  const now = proxy.platform.clock.monotonic()
  await Promise.all(
    activeTargets(proxy.metadata.smap()).map(async (target) => {
      const quiet = isQuiet(proxy.control.state(), target.daemonId, now, timing)
      const timeoutMs = quiet ? timing.intervalMs / 2 : patienceMs
      try {
        await checkStatus(await proxy.transport.call(target, 'control', call, timeoutMs))
      } catch (error) {
        if (error instanceof AisError && error.code === 'ErrUnreachable') return
        throw error
      }
    }),
  )
}
