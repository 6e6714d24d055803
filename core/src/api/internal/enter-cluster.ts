import { z } from 'zod'
import { checkCluster } from '../../cluster/control/check-cluster.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { emptyReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { parseJsonBytes } from '../../wire/json.ts'
import { describeIssue } from '../../wire/strict.ts'

const messageSchema = z.object({ url: z.url(), cluster: z.string().min(1) })

async function enter(api: ApiCall, node: NodeContext): Promise<Reply> {
  const json = parseJsonBytes(await readBody(api.call, limits.jsonBytesMax))
  const result = messageSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid admission: ${describeIssue(result.error)}`)
  }
  const { url, cluster } = result.data
  checkCluster(node.control.state(), cluster)
  node.lifecycle.enter(url)
  return emptyReply()
}

/**
 * POST from the primary, for an administrator: join the cluster of the gateway at `url`. A node that stands by does,
 * from now on by itself.
 * @throws AisError `ErrBadRequest` when it belongs to another cluster
 */
export const enterCluster = endpoint({
  resource: 'metasync',
  method: 'POST',
  proxyNetworks: ['control'],
  targetNetworks: ['control'],
  always: true,
  proxy: enter,
  target: enter,
})
