import { allNodes, findNode } from '../../cluster/smap.ts'
import { isActive, type Snode } from '../../cluster/snode.ts'
import { applySetConfig, settingsNamed } from '../../config/cluster-config.ts'
import { checkTransient, restartRequired } from '../../config/config-scope.ts'
import { AisError } from '../../errors/ais-error.ts'
import { type ApiCall, readAction } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { loadCertificate } from '../../node/load-certificate.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { emptyReply } from '../../node/replies.ts'
import { isTransient, settingsOfQuery } from '../../node/set-config.ts'
import type { Reply } from '../../ports/call.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { stringifyJson } from '../../wire/json.ts'
import { changeMembership, changesMembership } from './change-membership.ts'
import { startJob, stopJob } from './jobs.ts'
import { setPrimary } from './set-primary.ts'

const askTimeoutMs = 10_000

/** @throws AisError `ErrNotFound` */
function nodeNamed(proxy: ProxyNode, id: string): Snode {
  const node = findNode(proxy.metadata.smap(), id)
  if (node) return node
  throw new AisError('ErrNotFound', `node "${id}" does not exist`)
}

/** Has every other node in service run an action of its own; `query` goes along, with its `?`. */
async function everywhere(
  proxy: ProxyNode,
  action: string,
  value: unknown,
  query = '',
): Promise<void> {
  const own = proxy.self().daemonId
  const others = allNodes(proxy.metadata.smap()).filter(
    (node) => node.daemonId !== own && isActive(node),
  )
  const body = stringifyJson({ action, name: '', value })
  await Promise.all(
    others.map(async (node) => {
      const call = { method: 'PUT', target: `/v1/daemon${query}`, body }
      await checkStatus(await proxy.transport.call(node, 'control', call, askTimeoutMs))
    }),
  )
}

/**
 * Changes settings of all nodes: the cluster config, or, when transient, the memory of every node that is there now.
 * @throws AisError `ErrBadRequest` naming the field, `ErrUnsupp` a setting that cannot be transient
 */
async function setConfig(api: ApiCall, proxy: ProxyNode, json: unknown): Promise<Reply> {
  const names = [...settingsNamed(json).keys()]
  if (isTransient(api.target.query)) {
    checkTransient(names)
    await proxy.settings.set(json, { transient: true })
    await everywhere(proxy, 'set-config', json, '?transient=true')
    return emptyReply()
  }
  await proxy.primary.updateConfig((config) => applySetConfig(config, json))
  const restart = restartRequired(names)
  if (restart.length > 0) proxy.log.warn('settings take effect after a restart', { names: restart })
  return emptyReply()
}

async function run(api: ApiCall, proxy: ProxyNode): Promise<Reply> {
  if (api.items[0] === 'proxy' && api.items.length === 2) return setPrimary(api, proxy)
  if (api.items.length === 1 && api.items[0] === 'set-config') {
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, undefined)
    return setConfig(api, proxy, settingsOfQuery(api.target.query))
  }
  if (api.items[0] === 'load-x509' && api.items.length <= 2) {
    return loadCertificates(proxy, api.items[1])
  }
  if (api.items.length > 0) {
    throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
  }
  const message = await readAction(api)
  const { action, value } = message
  if (changesMembership(action)) return changeMembership(api, proxy, message)
  switch (action) {
    case 'set-config':
      if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(message))
      return setConfig(api, proxy, value)
    case 'reset-config':
      // What was set for single nodes goes; what was set for the cluster stays, as upstream.
      if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(message))
      await proxy.settings.reset()
      await everywhere(proxy, action, null)
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
      if (message.name === '') await everywhere(proxy, action, null)
      else await proxy.peers.order(nodeNamed(proxy, message.name), action, null, askTimeoutMs)
      return emptyReply()
    case 'reload-creds':
      return emptyReply()
    case 'start':
    case 'stop':
      if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(message))
      return action === 'start' ? startJob(proxy, message) : stopJob(proxy, value)
    default:
      throw new AisError('ErrBadRequest', `invalid action "${action}" for the cluster (action)`)
  }
}

/** `load-x509` of one node, or of all that are in service. @throws AisError `ErrNotFound` no such node; 404 without TLS */
async function loadCertificates(proxy: ProxyNode, daemonId: string | undefined): Promise<Reply> {
  const nodes =
    daemonId === undefined
      ? allNodes(proxy.metadata.smap()).filter(isActive)
      : [nodeNamed(proxy, daemonId)]
  const own = proxy.self().daemonId
  if (daemonId === undefined || daemonId === own) await loadCertificate(proxy)
  for (const node of nodes) {
    if (node.daemonId === own) continue
    const call = { method: 'PUT', target: '/v1/daemon/load-x509' }
    await checkStatus(await proxy.transport.call(node, 'control', call, askTimeoutMs))
  }
  return emptyReply()
}

/** PUT of a cluster action, or of settings by query. */
export const putCluster = endpoint({
  resource: 'cluster',
  method: 'PUT',
  proxyNetworks: ['public', 'control'],
  proxy: run,
})
