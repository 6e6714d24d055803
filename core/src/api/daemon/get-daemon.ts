import { daemonQuery } from '../../node/daemon-query.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'

/** GET of what a node knows of itself and the cluster. */
export const getDaemon = endpoint({
  resource: 'daemon',
  method: 'GET',
  proxyNetworks: ['public', 'control'],
  targetNetworks: ['public', 'control'],
  // Who a node is, and which cluster it knows, is asked while it joins.
  always: (api) => ['snode', 'smap', 'mountpaths'].includes(api.target.query.get('what') ?? ''),
  proxy: (api, proxy) => daemonQuery(api, proxy, []),
  target(api, target) {
    if (api.target.query.get('what') !== 'mountpaths') {
      return daemonQuery(api, target, target.mountpaths())
    }
    const { available, waitingDD, disabled } = target.mountpathTable.list()
    return jsonReply({ available, waiting_dd: waitingDD, disabled })
  },
})
