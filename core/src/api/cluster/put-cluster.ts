import { allNodes, findNode, primaryOf } from '../../cluster/smap.ts'
import { applySetConfig, applySetConfigQuery, resetConfig } from '../../config/cluster-config.ts'
import { AisError } from '../../errors/ais-error.ts'
import { type ApiCall, readAction } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { nodeName } from '../../node/node-name.ts'
import { emptyReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { stringifyJson } from '../../wire/json.ts'

const askTimeoutMs = 10_000

/** Has every other node run an action of its own. */
async function everywhere(proxy: ProxyNode, action: string, value: unknown): Promise<void> {
  const own = proxy.self().daemonId
  const others = allNodes(proxy.metadata.smap()).filter((node) => node.daemonId !== own)
  const body = stringifyJson({ action, name: '', value })
  await Promise.all(
    others.map(async (node) => {
      const call = { method: 'PUT', target: '/v1/daemon', body }
      await checkStatus(await proxy.transport.call(node, 'control', call, askTimeoutMs))
    }),
  )
}

/** Every change is kept: one that shall be gone after a restart is refused rather than kept in silence. */
function refuseTransient(api: ApiCall): void {
  if (!api.target.query.bool('transient')) return
  throw new AisError('ErrNotImpl', 'set-config: transient settings - not implemented yet')
}

/** Dotted settings of `/v1/cluster/set-config?name=value`. */
async function setByQuery(api: ApiCall, proxy: ProxyNode): Promise<Reply> {
  refuseTransient(api)
  if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, undefined)
  const settings = api.target.query.all().filter(([name]) => name !== 'transient')
  if (settings.length === 0) {
    throw new AisError('ErrBadRequest', 'set-config: no name=value in the query')
  }
  await proxy.primary.updateConfig((config) => applySetConfigQuery(config, settings))
  return emptyReply()
}

/** `/v1/cluster/proxy/ID`: naming the primary that leads already is done; handing over to another is not offered. */
function setPrimary(api: ApiCall, proxy: ProxyNode): Reply {
  const id = api.items[1] ?? ''
  const smap = proxy.metadata.smap()
  const node = findNode(smap, id)
  if (node === undefined) throw new AisError('ErrNotFound', `node "${id}" does not exist`)
  if (node.daemonType !== 'proxy') {
    throw new AisError('ErrBadRequest', `${nodeName(node)} is not a proxy`)
  }
  if (primaryOf(smap)?.daemonId !== id) {
    throw new AisError('ErrNotImpl', 'set-primary: changing the primary - not implemented yet')
  }
  return emptyReply()
}

async function run(api: ApiCall, proxy: ProxyNode): Promise<Reply> {
  if (api.items[0] === 'proxy' && api.items.length === 2) return setPrimary(api, proxy)
  if (api.items[0] === 'set-config') return setByQuery(api, proxy)
  if (api.items.length > 0) {
    throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
  }
  const message = await readAction(api)
  const { action, value } = message
  switch (action) {
    case 'set-config':
      refuseTransient(api)
      if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(message))
      await proxy.primary.updateConfig((config) => applySetConfig(config, value))
      return emptyReply()
    case 'reset-config':
      if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(message))
      await proxy.primary.updateConfig((config) => resetConfig(config, proxy.initialConfig))
      return emptyReply()
    case 'reset-stats':
      proxy.stats.reset(value === true)
      await everywhere(proxy, action, value)
      return emptyReply()
    case 'rotate-logs':
      await proxy.logs.rotate()
      await everywhere(proxy, action, null)
      return emptyReply()
    case 'clear-lcache':
      if (message.name !== '') {
        throw new AisError('ErrNotImpl', 'clear-lcache of one node - not implemented yet')
      }
      await everywhere(proxy, action, null)
      return emptyReply()
    case 'reload-creds':
      return emptyReply()
    case 'stop':
      // No kind of job is registered, so none runs: stopping what does not run succeeds, as upstream.
      return emptyReply()
    default:
      throw new AisError('ErrBadRequest', `invalid action "${action}" for the cluster (action)`)
  }
}

/** PUT of a cluster action, or of settings by query. */
export const putCluster = endpoint({
  resource: 'cluster',
  method: 'PUT',
  proxyNetworks: ['public', 'control'],
  proxy: run,
})
