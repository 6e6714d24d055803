import { z } from 'zod'
import { AisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { describeIssue } from '../../wire/strict.ts'

const schema = z.object({ cluster: z.string().min(1), urls: z.array(z.url()).min(1) })

/**
 * Whether this node reaches the cluster that its own one is to join, as its primary asks before anything is done.
 * @throws AisError `ErrBadRequest` a field, or it does not; `ErrForbidden` when it is not the cluster that asks
 */
export async function checkWinner(
  { call }: ApiCall,
  { control, peers }: NodeContext,
  value: unknown,
): Promise<void> {
  if (call.network !== 'control') {
    throw new AisError('ErrForbidden', '"primary-force" of a node is for the cluster to ask')
  }
  const result = schema.safeParse(value)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `primary-force: ${describeIssue(result.error)}`)
  }
  const { cluster, urls } = result.data
  const { intervalMs } = control.timing()
  for (const url of urls) {
    const found = await peers.clusterAt(url, intervalMs).catch((error: unknown) => String(error))
    if (found === cluster) continue
    throw new AisError(
      'ErrBadRequest',
      `node ${control.state().selfId} does not find cluster "${cluster}" at ${url}: ${found}`,
    )
  }
}
