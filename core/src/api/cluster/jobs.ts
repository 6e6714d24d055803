import { parseBckUname } from '../../bucket/names.ts'
import { isRebalancing, rebalanceId } from '../../cluster/rmd.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { emptyReply, textReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { startXaction, stopXactions } from '../../proxy/start-xaction.ts'
import type { ActionMsg } from '../../wire/action-msg.ts'
import { unameOfQuery } from '../../wire/bck-message.ts'
import { isJsonObject, type JsonValue, stringifyJson } from '../../wire/json.ts'
import { kindOfName } from '../../wire/xaction-kinds.ts'
import { xactionKinds } from '../../xaction/kinds.ts'

/** `ArgsMsg` as far as it is needed; its keys come in any case. */
function argsOf(value: JsonValue) {
  if (!isJsonObject(value)) throw new AisError('ErrBadRequest', 'job: expected an object (value)')
  const fields = new Map(Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]))
  const text = (name: string) => {
    const field = fields.get(name) ?? ''
    if (typeof field === 'string') return field
    throw new AisError('ErrBadRequest', `job: expected a text (value.${name})`)
  }
  const flags = fields.get('flags')
  return {
    id: text('id'),
    kind: kindOfName(text('kind')),
    daemonId: text('daemonid'),
    bck: unameOfQuery(fields.get('bck')),
    flags: typeof flags === 'number' ? flags : 0,
    force: fields.get('force') === true,
  }
}

const orderMs = 10_000

async function startResilver(proxy: ProxyNode, daemonId: string): Promise<Reply> {
  if (daemonId === '') {
    throw new AisError('ErrNotImpl', 'resilver: the target is not named (value.DaemonID)')
  }
  const target = proxy.metadata.smap().targets.get(daemonId)
  if (target === undefined) throw new AisError('ErrNotFound', `node "${daemonId}" does not exist`)
  const body = stringifyJson({ action: 'resilver', name: '', value: null })
  const call = { method: 'PUT', target: '/v1/xactions', body }
  const bytes = await checkStatus(await proxy.transport.call(target, 'control', call, orderMs))
  return textReply(new TextDecoder().decode(bytes))
}

/** Starts a job by hand and answers with its ID. @throws AisError `ErrBadRequest` what is no job, or not to be started */
export async function startJob(proxy: ProxyNode, { name, value }: ActionMsg): Promise<Reply> {
  const { kind, daemonId, bck, flags, force } = argsOf(value)
  if (kind === 'rebalance') {
    const { version } = await proxy.primary.startRebalance()
    return textReply(rebalanceId(version))
  }
  if (kind === 'resilver') return startResilver(proxy, daemonId)
  const known = xactionKinds.find((one) => one.kind === kind)
  if (known === undefined) {
    throw new AisError('ErrBadRequest', `cannot start "${kind}": no such kind of job (value.Kind)`)
  }
  if (!known.traits.startable) {
    throw new AisError('ErrBadRequest', `cannot start "${kind}" by itself (value.Kind)`)
  }
  const args = { flags, force, name }
  const bucket = bck === undefined ? undefined : parseBckUname(bck)
  return textReply(await startXaction(proxy, { kind, bck: bucket, args }))
}

/** Stops what the message names, by ID or kind; nothing that matches is success, as upstream. */
export async function stopJob(proxy: ProxyNode, value: JsonValue): Promise<Reply> {
  const { id, kind, bck } = argsOf(value)
  const rmd = proxy.metadata.rmd()
  const named = id === '' ? kind === 'rebalance' : id === rebalanceId(rmd.version)
  if (named && isRebalancing(rmd)) await proxy.primary.stopRebalance()
  const given = { ...(id && { id }), ...(kind && { kind }), ...(bck && { bck }) }
  if (id !== '' || kind !== '') {
    await stopXactions(proxy, { ...given, reason: 'stopped by user request' })
  }
  return emptyReply()
}
