import { z } from 'zod'
import type { Snode } from '../../cluster/snode.ts'
import { snodeFlags } from '../../cluster/snode.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { nodeName } from '../../node/node-name.ts'
import { jsonReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import type { JsonValue } from '../../wire/json.ts'
import { describeIssue } from '../../wire/strict.ts'

const net = z.object({ direct_url: z.string().default('') }).nullish()

/** What the CLI sends: an address and a role. The node itself says the rest. */
const messageSchema = z.object({
  daemon_type: z.enum(['proxy', 'target']),
  intra_control_net: net,
  public_net: net,
})

/** Time the node has to answer, ms. */
const handshakeMs = 5_000

/** `Ais-Node-Flags`: only that a gateway may not lead can be said there. @throws AisError `ErrBadRequest` */
function statedFlags(api: ApiCall, role: Snode['daemonType']): number {
  const text = api.call.headers.get('ais-node-flags') ?? '0'
  if (text === '' || text === '0') return 0
  if (role === 'proxy' && text === String(snodeFlags.nonElectable)) return snodeFlags.nonElectable
  throw new AisError(
    'ErrBadRequest',
    `Ais-Node-Flags: expecting only the 'non-electable' bit, and only for proxies (have "${text}")`,
  )
}

/**
 * POST `/v1/cluster/join-by-admin`, at the primary: takes in the node at an address, which may stand by. Answers when
 * it is in the map.
 * @throws AisError `ErrBadRequest` a field, another role, another cluster; `ErrUnreachable`; `ErrAlreadyExists`
 */
export async function admitNode(api: ApiCall, proxy: ProxyNode, json: JsonValue): Promise<Reply> {
  const { peers, metadata, primary } = proxy
  const result = messageSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid node: ${describeIssue(result.error)}`)
  }
  const { daemon_type: role, intra_control_net: control, public_net: open } = result.data
  const url = control?.direct_url || open?.direct_url || ''
  if (!/^https?:\/\/[^/]+$/.test(url)) {
    throw new AisError(
      'ErrBadRequest',
      `invalid node: "intra_control_net.direct_url": expected a URL (have "${url}")`,
    )
  }
  const flags = statedFlags(api, role)
  const node = await peers.describe(url, handshakeMs).catch((error: unknown) => {
    throw new AisError('ErrBadRequest', `failed to reach a ${role} at ${url}`, { cause: error })
  })
  if (node.daemonType !== role) {
    throw new AisError('ErrBadRequest', `${nodeName(node)} at ${url} is not a ${role}`)
  }
  const before = metadata.rmd().version
  await peers.admit(node, proxy.self().publicNet.url, metadata.smap().uuid, handshakeMs)
  await primary.join({ ...node, flags }, { byAdmin: true })
  const { version } = metadata.rmd()
  return jsonReply({
    daemon_id: node.daemonId,
    rebalance_id: version > before ? `g${version}` : '',
  })
}
