import { type Fields, isFields, numberOf, textOf } from '@aistore-ts/sdk/decode.ts'
import { CommandError } from '../arguments/usage-error.ts'

export interface NodeInfo {
  readonly id: string
  readonly type: 'proxy' | 'target'
  readonly publicUrl: string
  readonly controlUrl: string
  readonly dataUrl: string
  readonly nonElectable: boolean
  readonly inMaintenance: boolean
  readonly inDecommission: boolean
}

/** The cluster map, as far as the tool shows it. */
export interface SmapView {
  readonly version: string
  readonly uuid: string
  readonly primaryId: string
  readonly proxies: readonly NodeInfo[]
  readonly targets: readonly NodeInfo[]
}

/** @see AIStore core/meta/snode.go */
const nodeFlags = { nonElectable: 1, maintenance: 4, decommission: 8 } as const

export function readSmap(smap: Fields): SmapView {
  const primary = isFields(smap.proxy_si) ? smap.proxy_si : {}
  return {
    version: textOf(smap.version),
    uuid: textOf(smap.uuid),
    primaryId: textOf(primary.daemon_id),
    proxies: readNodes(smap.pmap),
    targets: readNodes(smap.tmap),
  }
}

function readNodes(map: unknown): NodeInfo[] {
  if (!isFields(map)) return []
  return Object.keys(map)
    .sort()
    .map((id) => readNode(id, map[id]))
}

function readNode(id: string, value: unknown): NodeInfo {
  const node = isFields(value) ? value : {}
  const url = (net: unknown) => (isFields(net) ? textOf(net.direct_url) : '')
  const flags = numberOf(node.flags)
  return {
    id,
    type: node.daemon_type === 'proxy' ? 'proxy' : 'target',
    publicUrl: url(node.public_net),
    controlUrl: url(node.intra_control_net),
    dataUrl: url(node.intra_data_net),
    nonElectable: (flags & nodeFlags.nonElectable) !== 0,
    inMaintenance: (flags & nodeFlags.maintenance) !== 0,
    inDecommission: (flags & nodeFlags.decommission) !== 0,
  }
}

/** `p[ID]`, `t[ID]` */
export function nodeName(node: NodeInfo): string {
  return `${node.type === 'proxy' ? 'p' : 't'}[${node.id}]`
}

export function isActive(node: NodeInfo): boolean {
  return !node.inMaintenance && !node.inDecommission
}

/** The name with what is special about the node: `[P]` primary, `[n/e]` non-electable, `[x]` out of service. */
export function nodeLabel(node: NodeInfo, smap: SmapView): string {
  if (!isActive(node)) return `${nodeName(node)}[x]`
  if (node.id === smap.primaryId) return `${nodeName(node)}[P]`
  return nodeName(node) + (node.nonElectable ? '[n/e]' : '')
}

/** Accepts `ID`, `p[ID]` and `t[ID]`. */
export function plainNodeId(text: string): string {
  return /^[pt]\[(.+)\]$/.exec(text)?.[1] ?? text
}

/** @throws CommandError when the map has no such node */
export function findNode(smap: SmapView, text: string): NodeInfo {
  const id = plainNodeId(text)
  const node = [...smap.proxies, ...smap.targets].find((n) => n.id === id)
  if (node !== undefined) return node
  throw new CommandError(
    `node "${text}" does not exist (check available nodes by running 'ais show cluster')`,
  )
}
