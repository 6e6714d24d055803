import { primaryOf } from '../cluster/smap.ts'
import { AisError } from '../errors/ais-error.ts'
import type { ApiCall } from '../node/api-call.ts'
import type { HeaderLine, Reply } from '../ports/call.ts'
import type { ActionMsg } from '../wire/action-msg.ts'
import { stringifyJson } from '../wire/json.ts'
import { encodePath } from '../wire/target.ts'
import { callPrimary } from './await-primary.ts'
import type { ProxyNode } from './proxy.ts'

/** Marks a call that a gateway passed on, so that two gateways never pass one to and fro. */
const forwardedHeader = 'ais-forwarded-by'

/** Reply headers of the primary that belong to the client. */
const passedOn = new Set([
  'content-type',
  'allow',
  'hdr-error',
  'x-content-type-options',
  'retry-after',
])

const timeoutMs = 60_000

/**
 * Passes a control call to the primary and its answer back.
 * @throws AisError `ErrNotReady` when no primary is known, or the one we know is none; as `callPrimary`
 */
export async function forwardToPrimary(
  api: ApiCall,
  proxy: ProxyNode,
  body: string | undefined,
): Promise<Reply> {
  const primary = primaryOf(proxy.metadata.smap())
  const by = api.call.headers.get(forwardedHeader)
  if (primary === undefined || by !== undefined || primary.daemonId === proxy.self().daemonId) {
    throw new AisError('ErrNotReady', 'the primary is not known at this moment, please try again')
  }
  const { target } = api
  const query = target.rawQuery === '' ? '' : `?${target.rawQuery}`
  const headers: HeaderLine[] = [[forwardedHeader, proxy.self().daemonId]]
  for (const [name, value] of api.call.headers.lines()) {
    if (name.startsWith('ais-') || name === 'accept' || name === 'content-type') {
      headers.push([name, value])
    }
  }
  const call = { method: api.method, target: `${encodePath(target.path)}${query}`, headers, body }
  const answer = await callPrimary(proxy, (to) =>
    proxy.transport.call(to, 'control', call, timeoutMs),
  )
  const bytes = await answer.bytes()
  const kept = answer.headers
    .lines()
    .filter(([name]) => name.startsWith('ais-') || passedOn.has(name))
  return {
    status: answer.status,
    headers: kept,
    body: bytes.length === 0 ? undefined : { kind: 'bytes', bytes },
  }
}

/** The action message as text, for passing on. */
export function actionText({ action, name, value }: ActionMsg): string {
  return stringifyJson({ action, name, value })
}
