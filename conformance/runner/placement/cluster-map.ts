import { isJsonObject, type JsonValue } from '../model/json-value.ts'
import { findOwner } from './hrw.ts'

/** Maintenance and decommission: such a target owns nothing. @see AIStore core/meta/smap.go */
const inactiveFlags = 0b1100

/** One node of the map, as far as the suite needs it. */
export interface ClusterNode {
  readonly id: string
  readonly flags: number
  /** The public address, such as `http://127.0.0.1:8081`. */
  readonly publicUrl: string
  /** Every address the map gives for the node, the public one among them. */
  readonly urls: readonly string[]
}

/** What the suite knows of the cluster: read once from `GET /v1/cluster?what=smap`. */
export interface ClusterMap {
  readonly proxies: readonly ClusterNode[]
  readonly targets: readonly ClusterNode[]
  readonly primaryId: string
  /** Gateways beside the map whose redirects targets take. */
  readonly edges: readonly string[]
}

/** Names of the edge gateways in a list of them; none where it is no such list. */
export function parseEdges(value: JsonValue): readonly string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((edge) =>
    isJsonObject(edge) && typeof edge.id === 'string' ? [edge.id] : [],
  )
}

/**
 * Reads a Smap.
 * @param edges gateways beside it
 * @throws TypeError when the value has not the shape of one
 */
export function parseClusterMap(value: JsonValue, edges: readonly string[] = []): ClusterMap {
  if (!isJsonObject(value)) throw new TypeError('Smap: not an object')
  const primary = value.proxy_si
  if (!isJsonObject(primary ?? null)) throw new TypeError('Smap: no proxy_si')
  return {
    proxies: parseNodes(value.pmap, 'pmap'),
    targets: parseNodes(value.tmap, 'tmap'),
    primaryId: parseNode(primary, 'proxy_si').id,
    edges,
  }
}

/** The target that owns an object of a bucket in the global `ais` namespace, if any can. */
export function ownerOf(map: ClusterMap, bucket: string, name: string): ClusterNode | undefined {
  const active = map.targets.filter((target) => (target.flags & inactiveFlags) === 0)
  const id = findOwner(
    active.map((target) => target.id),
    `ais/@#/${bucket}/${name}`,
  )
  return active.find((target) => target.id === id)
}

/** The node that has this origin among its addresses. */
export function nodeAt(map: ClusterMap, origin: string): ClusterNode | undefined {
  const nodes = [...map.proxies, ...map.targets]
  return nodes.find((node) => node.urls.some((url) => new URL(url).origin === origin))
}

function parseNodes(value: JsonValue | undefined, key: string): ClusterNode[] {
  if (!isJsonObject(value)) throw new TypeError(`Smap: no ${key}`)
  return Object.values(value).map((node) => parseNode(node, key))
}

function parseNode(value: JsonValue | undefined, key: string): ClusterNode {
  if (!isJsonObject(value)) throw new TypeError(`Smap: ${key} holds no node`)
  const id = value.daemon_id
  const publicUrl = directUrl(value.public_net)
  if (typeof id !== 'string' || publicUrl === undefined) {
    throw new TypeError(`Smap: a node of ${key} has no daemon_id or no public_net.direct_url`)
  }
  return { id, flags: Number(value.flags ?? 0), publicUrl, urls: collectUrls(value) }
}

function collectUrls(value: JsonValue): string[] {
  const own = directUrl(value)
  const below =
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(collectUrls) : []
  return own === undefined ? below : [own, ...below]
}

function directUrl(value: JsonValue | undefined): string | undefined {
  const url = isJsonObject(value) ? value.direct_url : undefined
  return typeof url === 'string' && URL.canParse(url) ? url : undefined
}
