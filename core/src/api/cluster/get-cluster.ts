import { bmdToJson } from '../../bucket/bmd.ts'
import { activeTargets, allNodes, smapToJson } from '../../cluster/smap.ts'
import { type Snode, snodeToJson } from '../../cluster/snode.ts'
import { configToJson, maskSecrets } from '../../config/cluster-config.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { memCpu, nodeStats, stateInfo } from '../../node/node-info.ts'
import { jsonReply, textReply } from '../../node/replies.ts'
import { selfInMap } from '../../node/state-flags.ts'
import type { Reply } from '../../ports/call.ts'
import { jobQuery } from '../../proxy/job-query.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { type JsonValue, parseJsonBytes } from '../../wire/json.ts'

const askTimeoutMs = 10_000

/** Asks one node what it says of itself. */
async function askNode(proxy: ProxyNode, node: Snode, what: string): Promise<JsonValue> {
  const answer = await proxy.transport.call(
    node,
    'control',
    { method: 'GET', target: `/v1/daemon?what=${what}` },
    askTimeoutMs,
  )
  return parseJsonBytes(await checkStatus(answer))
}

/** What every active target says; one that cannot be asked is left out. */
async function askTargets(proxy: ProxyNode, what: string): Promise<Map<string, JsonValue>> {
  const targets = activeTargets(proxy.metadata.smap())
  const answers = await Promise.allSettled(targets.map((node) => askNode(proxy, node, what)))
  const found = new Map<string, JsonValue>()
  for (const [at, answer] of answers.entries()) {
    const node = targets[at]
    if (node && answer.status === 'fulfilled') found.set(node.daemonId, answer.value)
  }
  return found
}

async function proxies(proxy: ProxyNode): Promise<Map<string, unknown>> {
  const own = proxy.self().daemonId
  const nodes = allNodes(proxy.metadata.smap()).filter((node) => node.daemonType === 'proxy')
  const infos = await Promise.allSettled(
    nodes.map(async (node) =>
      node.daemonId === own ? memCpu(proxy) : askNode(proxy, node, 'sysinfo'),
    ),
  )
  const found = new Map<string, unknown>()
  for (const [at, info] of infos.entries()) {
    const node = nodes[at]
    if (node && info.status === 'fulfilled') found.set(node.daemonId, info.value)
  }
  return found
}

/** Host names of every target's three networks, for clients behind an HTTP proxy. */
function targetIps(proxy: ProxyNode): string {
  return activeTargets(proxy.metadata.smap())
    .flatMap((node) => [node.publicNet.hostname, node.controlNet.hostname, node.dataNet.hostname])
    .join(',')
}

async function query(api: ApiCall, proxy: ProxyNode): Promise<Reply> {
  const what = api.target.query.get('what') ?? ''
  switch (what) {
    case 'smap':
      return jsonReply(smapToJson(proxy.metadata.smap()))
    case 'bmd':
      return jsonReply(bmdToJson(proxy.metadata.bmd()))
    case 'snode':
      return jsonReply(snodeToJson(selfInMap(proxy)))
    case 'smapvote':
      return jsonReply({ smap: smapToJson(proxy.metadata.smap()), state: stateInfo(proxy) })
    case 'cluster_config':
      return jsonReply(configToJson(maskSecrets(proxy.settings.current())))
    case 'node_stats':
      return jsonReply({
        proxy: nodeStats(proxy, []),
        target: await askTargets(proxy, 'node_stats'),
      })
    case 'sysinfo':
      return jsonReply({ proxy: await proxies(proxy), target: await askTargets(proxy, 'sysinfo') })
    case 'mountpaths':
      return jsonReply({ targets: await askTargets(proxy, 'mountpaths') })
    case 'backends':
      return jsonReply([])
    case 'remote':
      return jsonReply({ a: null, ver: 0 })
    case 'target_ips':
      return textReply(targetIps(proxy))
    case 'status':
    case 'status_all':
    case 'qryxstats':
    case 'running_all':
      return jobQuery(api, proxy, what)
    default:
      throw new AisError('ErrBadRequest', `invalid cluster query "${what}" (what)`)
  }
}

/** GET of what the cluster knows. */
export const getCluster = endpoint({
  resource: 'cluster',
  method: 'GET',
  proxyNetworks: ['public', 'control'],
  proxy: query,
})
