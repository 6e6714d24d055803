import { shortId, toBase36 } from '../algorithms/short-id.ts'
import { type Bck, bckUname } from '../bucket/bck.ts'
import { activeTargets } from '../cluster/smap.ts'
import type { Snode } from '../cluster/snode.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkStatus } from '../node/node-answer.ts'
import { type JsonValue, stringifyJson } from '../wire/json.ts'
import type { ProxyNode } from './proxy.ts'
import { proxyBucket } from './proxy.ts'

/** Time a target has to say whether it could begin, and to begin, ms. */
const orderTimeoutMs = 30_000

/** What is to be done. */
export interface XactionRequest {
  readonly kind: string
  readonly bck?: Bck | undefined
  readonly to?: Bck | undefined
  /** The value of the message; the kind reads it, at every target. */
  readonly args: JsonValue
  /** What the ID starts with, as clients know some kinds: `tco-`. */
  readonly idPrefix?: string
  /** Of the one target that does it; absent: all do their part. */
  readonly targetId?: string | undefined
}

/** Whom a job is for. @throws AisError `ErrNoNodes`; `ErrNotFound` no such target */
export function xactionTargets(proxy: ProxyNode, targetId: string | undefined): readonly Snode[] {
  const targets = activeTargets(proxy.metadata.smap())
  if (targets.length === 0) throw new AisError('ErrNoNodes', 'no targets to run a job')
  if (targetId === undefined) return targets
  const named = targets.filter(({ daemonId }) => daemonId === targetId)
  if (named.length > 0) return named
  throw new AisError('ErrNotFound', `target "${targetId}" does not exist, or is not active`)
}

/** Has a target do something about jobs: `PUT /v1/xactions`. @throws AisError as it answers */
export function orderTarget(proxy: ProxyNode, target: Snode, body: string): Promise<Uint8Array> {
  const call = { method: 'PUT', target: '/v1/xactions', body }
  return proxy.transport.call(target, 'control', call, orderTimeoutMs).then(checkStatus)
}

/** Tells every target that jobs end; those that cannot be reached are passed over. */
export async function stopXactions(
  proxy: ProxyNode,
  value: { id?: string; kind?: string; bck?: string; reason: string },
): Promise<void> {
  const body = stringifyJson({ action: 'stop', name: '', value })
  const targets = [...proxy.metadata.smap().targets.values()]
  await Promise.allSettled(targets.map((target) => orderTarget(proxy, target, body)))
}

/**
 * Starts a job on all targets: each says first whether it could, and none begins when one could not.
 * @returns its ID
 * @throws AisError as the first target that refuses; `ErrNoNodes`
 */
export async function startXaction(proxy: ProxyNode, request: XactionRequest): Promise<string> {
  const targets = xactionTargets(proxy, request.targetId)
  const named = async (bck: Bck | undefined) =>
    bck && { uname: bckUname(bck), bid: toBase36((await proxyBucket(proxy, bck)).bid) }
  const id = (request.idPrefix ?? '') + shortId(proxy.platform.random)
  const value = {
    id,
    kind: request.kind,
    bck: await named(request.bck),
    to: await named(request.to),
    args: request.args,
    targets: targets.map(({ daemonId }) => daemonId),
  }
  const everywhere = (action: string) => {
    const body = stringifyJson({ action, name: '', value })
    return Promise.all(targets.map((target) => orderTarget(proxy, target, body)))
  }
  await everywhere('begin')
  try {
    await everywhere('start')
  } catch (error) {
    await stopXactions(proxy, { id, reason: 'it could not be started on all targets' })
    throw error
  }
  return id
}
