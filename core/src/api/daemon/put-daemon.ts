import { AisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { readAction } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { loadCertificate } from '../../node/load-certificate.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { emptyReply } from '../../node/replies.ts'
import { isTransient, settingsOfQuery } from '../../node/set-config.ts'
import type { Reply } from '../../ports/call.ts'
import { checkWinner } from './check-winner.ts'
import { depart, isDeparture } from './depart.ts'
import { isAboutMountpaths, mountpathAction } from './mountpaths.ts'

/** Node-scoped actions. @throws AisError `ErrBadRequest` naming the action */
async function run(api: ApiCall, node: NodeContext): Promise<Reply> {
  const { query } = api.target
  if (api.items.length === 1 && api.items[0] === 'set-config') {
    await node.settings.set(settingsOfQuery(query), { transient: isTransient(query) })
    return emptyReply()
  }
  if (api.items.length === 1 && api.items[0] === 'load-x509') return loadCertificate(node)
  if (api.items.length > 0) {
    throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
  }
  const message = await readAction(api)
  const { action, value } = message
  if (isDeparture(action)) return depart(api, node, message)
  switch (action) {
    case 'set-config':
      await node.settings.set(value, { transient: isTransient(query) })
      return emptyReply()
    case 'reset-config':
      await node.settings.reset()
      return emptyReply()
    case 'reset-stats':
      node.stats.reset(value === true)
      return emptyReply()
    case 'primary-force':
      await checkWinner(api, node, value)
      return emptyReply()
    case 'rotate-logs':
      await node.logs.rotate()
      return emptyReply()
    case 'clear-lcache':
      return emptyReply()
    default:
      throw new AisError('ErrBadRequest', `invalid action "${action}" for a node (action)`)
  }
}

/** PUT of a node action: on a proxy directly, on a target only from within the cluster. */
export const putDaemon = endpoint({
  resource: 'daemon',
  method: 'PUT',
  proxyNetworks: ['public', 'control'],
  targetNetworks: ['control'],
  always: isAboutMountpaths,
  proxy: run,
  target: (api, target) =>
    isAboutMountpaths(api) ? mountpathAction(api, target) : run(api, target),
})
