import { bmdToJson } from '../bucket/bmd.ts'
import { smapToJson } from '../cluster/smap.ts'
import { snodeToJson } from '../cluster/snode.ts'
import { configToJson, maskSecrets } from '../config/cluster-config.ts'
import { localConfigToJson } from '../config/local-config.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Reply } from '../ports/call.ts'
import type { Mountpath } from '../ports/mountpath.ts'
import { acceptsMsgpack } from '../wire/headers.ts'
import { encodeStatus, type statusShapes } from '../wire/msgpack-status.ts'
import type { ApiCall } from './api-call.ts'
import type { NodeContext } from './node-context.ts'
import {
  capacityInfo,
  diskStats,
  diskUse,
  memCpu,
  mountpathUses,
  nodeStats,
  nodeStatus,
  stateInfo,
} from './node-info.ts'
import { jsonReply, msgpackReply, textReply } from './replies.ts'
import { selfInMap } from './state-flags.ts'
import { metricKinds } from './stats.ts'

const severities = { info: 'info', warning: 'warning', error: 'error' } as const

function isSeverity(text: string): text is keyof typeof severities {
  return Object.hasOwn(severities, text)
}

/** The node's own configuration, with the ports it took where it was free to choose: the CLI reads numbers there. */
function effectiveLocalConfig(node: NodeContext): Record<string, unknown> {
  const { localConfig } = node
  const { publicNet, controlNet, dataNet } = node.self()
  const net = localConfig.host_net
  return localConfigToJson({
    ...localConfig,
    host_net: {
      ...net,
      port: net.port || Number(publicNet.port),
      port_intra_control: net.port_intra_control || Number(controlNet.port),
      port_intra_data: net.port_intra_data || Number(dataNet.port),
    },
  })
}

async function logReply(api: ApiCall, node: NodeContext): Promise<Reply> {
  const { query } = api.target
  if (query.bool('all')) {
    const bytes = await node.logs.archive()
    return {
      status: 200,
      headers: [['Content-Type', 'application/gzip']],
      body: { kind: 'bytes', bytes },
    }
  }
  const severity = query.get('severity') ?? 'info'
  if (!isSeverity(severity)) {
    throw new AisError('ErrBadRequest', `invalid log severity "${severity}" (severity)`)
  }
  const offset = query.get('offset') ?? '0'
  if (!/^\d{1,15}$/.test(offset)) {
    throw new AisError('ErrBadRequest', `invalid log offset "${offset}" (offset)`)
  }
  const bytes = await node.logs.read(severity, Number(offset))
  return {
    status: 200,
    headers: [['Content-Type', 'text/plain; charset=utf-8']],
    body: { kind: 'bytes', bytes },
  }
}

/** msgpack for who asks for it, as upstream's own CLI does; else JSON. */
function statusReply(
  api: ApiCall,
  what: keyof typeof statusShapes,
  json: Record<string, unknown>,
): Reply {
  const packed = acceptsMsgpack(api.call.headers.get('accept'))
  return packed ? msgpackReply(encodeStatus(what, json)) : jsonReply(json)
}

/**
 * `GET /v1/daemon?what=...` of any node. `mountpaths` are a target's, none for a proxy.
 * @throws AisError `ErrBadRequest` for an unknown `what`
 */
export async function daemonQuery(
  api: ApiCall,
  node: NodeContext,
  mountpaths: readonly Mountpath[],
): Promise<Reply> {
  const what = api.target.query.get('what') ?? ''
  const isTarget = node.self().daemonType === 'target'
  switch (what) {
    case 'smap':
      return jsonReply(smapToJson(node.metadata.smap()))
    case 'bmd':
      return jsonReply(bmdToJson(node.metadata.bmd()))
    case 'snode':
      return jsonReply(snodeToJson(selfInMap(node)))
    case 'config':
      return jsonReply({
        ...effectiveLocalConfig(node),
        ...configToJson(maskSecrets(node.settings.current())),
      })
    case 'smapvote':
      return jsonReply({
        smap: smapToJson(node.metadata.smap()),
        bmd: bmdToJson(node.metadata.bmd()),
        state: stateInfo(node),
      })
    case 'node_stats':
      return statusReply(api, what, nodeStats(node, await mountpathUses(mountpaths)))
    case 'node_status':
      return statusReply(api, what, nodeStatus(node, await mountpathUses(mountpaths)))
    case 'metrics':
      return jsonReply(new Map(Object.entries(metricKinds)))
    case 'software_version':
      return textReply(node.softwareVersion)
    case 'sysinfo': {
      const uses = await mountpathUses(mountpaths)
      return jsonReply(memCpu(node, isTarget ? diskUse(uses) : undefined))
    }
    case 'log':
      return logReply(api, node)
    case 'tls_certificate':
      if (node.tls !== undefined) return jsonReply(new Map(Object.entries(node.tls.describe())))
      throw new AisError('ErrBadRequest', 'no TLS certificate loaders configured', { status: 404 })
    default:
  }
  if (isTarget) {
    if (what === 'disk') {
      const uses = await mountpathUses(mountpaths)
      return statusReply(api, what, { AllDiskStats: diskStats(node, uses), ...capacityInfo(uses) })
    }
    if (what === 'remote') return jsonReply({ a: null, ver: 0 })
  }
  throw new AisError('ErrBadRequest', `invalid daemon query "${what}" (what)`)
}
