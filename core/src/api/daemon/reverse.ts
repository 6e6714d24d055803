import { findNode } from '../../cluster/smap.ts'
import { isActive, snodeFlags, snodeToJson } from '../../cluster/snode.ts'
import { limits } from '../../config/limits.ts'
import { AisError, isAisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'
import type { HeaderLine, Reply } from '../../ports/call.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { encodePath } from '../../wire/target.ts'

const timeoutMs = 30_000

const passedOn = new Set(['content-type', 'allow', 'x-content-type-options'])

/**
 * `/v1/reverse/daemon...` with `Ais-Node-Id`: the call goes to that node over the control network.
 * @throws AisError `ErrBadRequest` without ID, `ErrNotFound` unknown node, `ErrUnreachable`
 */
async function reverse(api: ApiCall, proxy: ProxyNode): Promise<Reply> {
  const { call, target } = api
  const id = call.headers.get('ais-node-id') ?? ''
  if (id === '') throw new AisError('ErrBadRequest', 'missing node ID (Ais-Node-Id)')
  const node =
    findNode(proxy.metadata.smap(), id) ??
    proxy.peers.learned().find(({ daemonId }) => daemonId === id)
  // The primary knows those as well that left the map for want of a disk.
  if (node === undefined && !proxy.isPrimary()) {
    const text = new TextDecoder().decode(await readBody(call, limits.jsonBytesMax))
    return forwardToPrimary(api, proxy, text)
  }
  if (node === undefined) throw new AisError('ErrNotFound', `node "${id}" does not exist`)
  if (target.segments[2] !== 'daemon') {
    throw new AisError('ErrBadRequest', `invalid URL path "${target.path}"`)
  }
  if (!isActive(node) && target.query.get('what') === 'node_status') {
    const leaving = (node.flags & snodeFlags.decommission) !== 0
    return jsonReply({
      snode: snodeToJson(node),
      status: leaving ? 'decommission' : 'maintenance',
    })
  }
  const headers: HeaderLine[] = []
  const accept = call.headers.get('accept')
  if (accept !== undefined) headers.push(['Accept', accept])
  const bytes = await readBody(call, limits.jsonBytesMax)
  const query = target.rawQuery === '' ? '' : `?${target.rawQuery}`
  const path = `/v1/${target.segments.slice(2).join('/')}`
  const answer = await proxy.transport
    .call(
      node,
      'control',
      {
        method: api.method,
        target: `${encodePath(path)}${query}`,
        headers,
        body: bytes.length === 0 ? undefined : bytes,
      },
      timeoutMs,
    )
    .catch((error: unknown) => {
      if (!isAisError(error)) throw error
      throw new AisError('ErrUnreachable', `node "${id}" cannot be reached`, { cause: error })
    })
  const kept = answer.headers
    .lines()
    .filter(([name]) => name.startsWith('ais-') || passedOn.has(name))
  const body = await answer.bytes()
  return {
    status: answer.status,
    headers: kept,
    body: body.length === 0 ? undefined : { kind: 'bytes', bytes: body },
  }
}

/** Over the control network from a gateway that does not know the node. */
const reversed = {
  resource: 'reverse',
  proxyNetworks: ['public', 'control'],
  proxy: reverse,
} as const

export const reverseGet = endpoint({ ...reversed, method: 'GET' })
export const reversePut = endpoint({ ...reversed, method: 'PUT' })
export const reversePost = endpoint({ ...reversed, method: 'POST' })
export const reverseDelete = endpoint({ ...reversed, method: 'DELETE' })
