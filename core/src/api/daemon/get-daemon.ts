import { daemonQuery } from '../../node/daemon-query.ts'
import { endpoint } from '../../node/endpoint.ts'

/** GET of what a node knows of itself and the cluster. */
export const getDaemon = endpoint({
  resource: 'daemon',
  method: 'GET',
  proxyNetworks: ['public', 'control'],
  targetNetworks: ['public', 'control'],
  proxy: (api, proxy) => daemonQuery(api, proxy, []),
  target: (api, target) => daemonQuery(api, target, target.mountpaths()),
})
