import { ClusterNodes } from './cluster-nodes.ts'
import { ClusterRebalance } from './cluster-rebalance.ts'
import type { Connection } from './connection.ts'
import { type Fields, isFields, parseJson, readFields, undecodable } from './decode.ts'
import { isStatus } from './errors/ais-client-error.ts'
import { NetworkError } from './errors/network-error.ts'
import { readBytes } from './transport/http-transport.ts'

/** What `GET /v1/cluster?what=` answers. */
export type ClusterTopic =
  | 'cluster_config'
  | 'node_stats'
  | 'remote'
  | 'target_ips'
  | 'backends'
  | 'sysinfo'
  | 'mountpaths'

/** What a single node answers, asked through the gateway. */
export type NodeTopic =
  | 'smap'
  | 'bmd'
  | 'config'
  | 'node_stats'
  | 'node_status'
  | 'disk'
  | 'metrics'
  | 'mountpaths'
  | 'snode'
  | 'sysinfo'
  | 'tls_certificate'

export interface Health {
  readonly ready: boolean
  readonly nodeUptimeNs: bigint
  readonly clusterUptimeNs: bigint
}

/** The cluster as a whole and its nodes. Replies stay in AIStore's JSON shape. */
export class Cluster {
  readonly #connection: Connection

  /** Who is in the cluster, and in service. */
  readonly nodes: ClusterNodes
  readonly rebalance: ClusterRebalance

  constructor(connection: Connection) {
    this.#connection = connection
    this.nodes = new ClusterNodes(connection)
    this.rebalance = new ClusterRebalance(connection)
  }

  /** The cluster map, as the gateway or, through it, `nodeId` has it. */
  smap(nodeId?: string, signal?: AbortSignal): Promise<Fields> {
    return this.#metadata('smap', nodeId, signal)
  }

  /** The buckets' metadata. */
  bmd(nodeId?: string, signal?: AbortSignal): Promise<Fields> {
    return this.#metadata('bmd', nodeId, signal)
  }

  async query(what: ClusterTopic, signal?: AbortSignal): Promise<unknown> {
    const query = [['what', what]] as const
    const text = await this.#connection.text({ method: 'GET', path: 'cluster', query, signal })
    return parseJson(text, what)
  }

  async config(signal?: AbortSignal): Promise<Fields> {
    const config = await this.query('cluster_config', signal)
    if (!isFields(config)) throw undecodable('cluster_config')
    return config
  }

  /** Changes settings by dotted name, all or none. */
  async setConfig(
    pairs: Iterable<readonly [name: string, value: string]>,
    options: { readonly transient?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#connection.headers({
      method: 'PUT',
      path: 'cluster/set-config',
      query: [...pairs, ...(options.transient === true ? [['transient', 'true'] as const] : [])],
      signal: options.signal,
    })
  }

  /** Changes settings of one node, over those of the cluster. */
  async setNodeConfig(
    nodeId: string,
    pairs: Iterable<readonly [name: string, value: string]>,
    options: { readonly transient?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#connection.headers({
      method: 'PUT',
      path: 'reverse/daemon/set-config',
      query: [...pairs, ...(options.transient === true ? [['transient', 'true'] as const] : [])],
      headers: [['Ais-Node-Id', nodeId]],
      signal: options.signal,
    })
  }

  /** Drops what was set for one node alone. */
  async resetNodeConfig(nodeId: string, signal?: AbortSignal): Promise<void> {
    const json = { action: 'reset-config', name: '', value: null }
    const headers = [['Ais-Node-Id', nodeId]] as const
    await this.#connection.headers({ method: 'PUT', path: 'reverse/daemon', json, headers, signal })
  }

  /** Drops what was set for single nodes, on all of them. */
  async resetConfig(signal?: AbortSignal): Promise<void> {
    const json = { action: 'reset-config', name: '', value: null }
    await this.#connection.headers({ method: 'PUT', path: 'cluster', json, signal })
  }

  /** One node's own answer. */
  async node(nodeId: string, what: NodeTopic, signal?: AbortSignal): Promise<Fields> {
    const response = await this.#connection.call({
      method: 'GET',
      path: 'reverse/daemon',
      query: [['what', what]],
      headers: [['Ais-Node-Id', nodeId]],
      signal,
    })
    return readFields(response, what)
  }

  /** A node's log as text, from `offsetBytes` on. */
  nodeLog(
    nodeId: string,
    options: {
      readonly severity?: 'info' | 'warning' | 'error' | undefined
      readonly offsetBytes?: number
      readonly signal?: AbortSignal
    } = {},
  ): Promise<string> {
    const query: [string, string][] = [['what', 'log']]
    if (options.severity !== undefined) query.push(['severity', options.severity])
    if (options.offsetBytes !== undefined) query.push(['offset', String(options.offsetBytes)])
    return this.#connection.text({
      method: 'GET',
      path: 'reverse/daemon',
      query,
      headers: [['Ais-Node-Id', nodeId]],
      signal: options.signal,
    })
  }

  /** All logs of a node as one tar.gz. */
  async nodeLogArchive(nodeId: string, signal?: AbortSignal): Promise<Uint8Array> {
    const response = await this.#connection.call({
      method: 'GET',
      path: 'reverse/daemon',
      query: [
        ['what', 'log'],
        ['all', 'true'],
      ],
      headers: [['Ais-Node-Id', nodeId]],
      signal,
    })
    return readBytes(response)
  }

  /** Never throws for a cluster that is down or not ready: that is the answer. */
  async health(
    options: { readonly readiness?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<Health> {
    try {
      const { headers } = await this.#connection.headers({
        method: 'GET',
        path: 'health',
        query: options.readiness === true ? [['readiness', 'true']] : [],
        signal: options.signal,
      })
      return {
        ready: true,
        nodeUptimeNs: nanoseconds(headers.get('ais-node-uptime')),
        clusterUptimeNs: nanoseconds(headers.get('ais-cluster-uptime')),
      }
    } catch (error) {
      if (!isStatus(error, 503) && !(error instanceof NetworkError)) throw error
      return { ready: false, nodeUptimeNs: 0n, clusterUptimeNs: 0n }
    }
  }

  async #metadata(what: 'smap' | 'bmd', nodeId?: string, signal?: AbortSignal): Promise<Fields> {
    if (nodeId !== undefined) return this.node(nodeId, what, signal)
    const query = [['what', what]] as const
    const response = await this.#connection.call({ method: 'GET', path: 'daemon', query, signal })
    return readFields(response, what)
  }
}

function nanoseconds(text: string | undefined): bigint {
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : 0n
}
