import { isRebalancing, rebalanceId } from '../../cluster/rmd.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { emptyReply, textReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { isJsonObject, type JsonValue, stringifyJson } from '../../wire/json.ts'

/** `ArgsMsg` as far as it is needed; its keys come in any case. */
function argsOf(value: JsonValue): { id: string; kind: string; daemonId: string } {
  if (!isJsonObject(value)) throw new AisError('ErrBadRequest', 'job: expected an object (value)')
  const fields = new Map(Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]))
  const text = (name: string) => {
    const field = fields.get(name) ?? ''
    if (typeof field === 'string') return field
    throw new AisError('ErrBadRequest', `job: expected a text (value.${name})`)
  }
  return { id: text('id'), kind: text('kind'), daemonId: text('daemonid') }
}

const orderMs = 10_000

async function startResilver(proxy: ProxyNode, daemonId: string): Promise<Reply> {
  if (daemonId === '') {
    throw new AisError('ErrNotImpl', 'resilver: the target is not named (value.DaemonID)')
  }
  const target = proxy.metadata.smap().targets.get(daemonId)
  if (target === undefined) throw new AisError('ErrNotFound', `node "${daemonId}" does not exist`)
  const body = stringifyJson({ action: 'start', name: '', value: { kind: 'resilver' } })
  const call = { method: 'PUT', target: '/v1/xactions', body }
  const bytes = await checkStatus(await proxy.transport.call(target, 'control', call, orderMs))
  return textReply(new TextDecoder().decode(bytes))
}

/** Starts a job by hand and answers with its ID. @throws AisError `ErrBadRequest` what is no job, or not to be started */
export async function startJob(proxy: ProxyNode, value: JsonValue): Promise<Reply> {
  const { kind, daemonId } = argsOf(value)
  if (kind === 'rebalance') {
    const { version } = await proxy.primary.startRebalance()
    return textReply(rebalanceId(version))
  }
  if (kind === 'resilver') return startResilver(proxy, daemonId)
  throw new AisError('ErrBadRequest', `cannot start "${kind}": no such kind of job (value.Kind)`)
}

/** Stops what the message names, by ID or kind; nothing that matches is success, as upstream. */
export async function stopJob(proxy: ProxyNode, value: JsonValue): Promise<Reply> {
  const { id, kind } = argsOf(value)
  const rmd = proxy.metadata.rmd()
  const named = id === '' ? kind === 'rebalance' : id === rebalanceId(rmd.version)
  if (named && isRebalancing(rmd)) await proxy.primary.stopRebalance()
  return emptyReply()
}
