import type { Connection } from './connection.ts'
import { readFields, textOf } from './decode.ts'

/** What happens to nodes of the cluster. `rm-unsafe` takes them out of the map as they are. */
export type NodeAction =
  | 'start-maintenance'
  | 'stop-maintenance'
  | 'shutdown-node'
  | 'decommission-node'
  | 'rm-unsafe'

/** What is done to nodes while they serve. `clear-lcache`: cached metadata of objects; `reload-creds`: of backends. */
export type UpkeepAction = 'reset-stats' | 'rotate-logs' | 'clear-lcache' | 'reload-creds'

/** What happens to a disk of a target. */
export type MountpathAction = 'attach-mp' | 'detach-mp' | 'enable-mp' | 'disable-mp' | 'rescan-mp'

export interface NodeActionOptions {
  /** Objects stay where they are. */
  readonly skipRebalance?: boolean
  /** Of a decommission: the objects go. */
  readonly rmUserData?: boolean
  readonly keepInitialConfig?: boolean
  readonly noShutdown?: boolean
  readonly signal?: AbortSignal | undefined
}

export interface JoinOptions {
  /** A gateway that may not lead. */
  readonly nonElectable?: boolean
  readonly signal?: AbortSignal | undefined
}

const nonElectableFlag = '1'

/** @see AIStore api/daemon.go */
const mountpathMethods = {
  'attach-mp': 'PUT',
  'detach-mp': 'DELETE',
  'enable-mp': 'POST',
  'disable-mp': 'POST',
  'rescan-mp': 'POST',
} as const

/** Who is in the cluster, and in service. */
export class ClusterNodes {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Resolves with the ID of the rebalance that was started, empty when there is none. */
  change(
    action: NodeAction,
    nodeIds: readonly string[],
    options: NodeActionOptions = {},
  ): Promise<string> {
    const value = {
      sids: nodeIds,
      skip_rebalance: options.skipRebalance === true,
      rm_user_data: options.rmUserData === true,
      keep_initial_config: options.keepInitialConfig === true,
      no_shutdown: options.noShutdown === true,
    }
    const json = { action, name: '', value }
    return this.#connection.text({ method: 'PUT', path: 'cluster', json, signal: options.signal })
  }

  /** Takes in the node at a URL, which may stand by. */
  async join(
    url: string,
    role: 'proxy' | 'target',
    options: JoinOptions = {},
  ): Promise<{ readonly nodeId: string; readonly rebalanceId: string }> {
    const { hostname, port } = new URL(url)
    const response = await this.#connection.call({
      method: 'POST',
      path: 'cluster/join-by-admin',
      headers: options.nonElectable === true ? [['Ais-Node-Flags', nonElectableFlag]] : [],
      json: {
        daemon_id: '',
        daemon_type: role,
        intra_control_net: { node_ip_addr: hostname, daemon_port: port, direct_url: url },
      },
      signal: options.signal,
    })
    const fields = await readFields(response, 'join-by-admin')
    return { nodeId: textOf(fields.daemon_id), rebalanceId: textOf(fields.rebalance_id) }
  }

  /** Resolves when that gateway leads. */
  async setPrimary(nodeId: string, signal?: AbortSignal): Promise<void> {
    const path = `cluster/proxy/${encodeURIComponent(nodeId)}`
    await this.#connection.headers({ method: 'PUT', path, signal })
  }

  /**
   * The cluster gives itself up for the one that `primaryId` leads, found at `url`: its nodes, buckets and objects go over;
   * its users, keys and settings do not. Resolves when the primary of now has gone over.
   */
  async forceJoin(primaryId: string, url: string, signal?: AbortSignal): Promise<void> {
    await this.#connection.headers({
      method: 'PUT',
      path: `cluster/proxy/${encodeURIComponent(primaryId)}`,
      query: [
        ['frc', 'true'],
        ['can', url],
      ],
      signal,
    })
  }

  /** Of one node, or of all. @param options.value what the action takes: of `reset-stats`, whether errors alone */
  async upkeep(
    action: UpkeepAction,
    options: { readonly nodeId?: string; readonly name?: string; readonly value?: unknown } = {},
    signal?: AbortSignal,
  ): Promise<void> {
    const { nodeId, name = '', value = null } = options
    await this.#connection.headers({
      method: 'PUT',
      path: nodeId === undefined ? 'cluster' : 'reverse/daemon',
      headers: nodeId === undefined ? [] : [['Ais-Node-Id', nodeId]],
      json: { action, name, value },
      signal,
    })
  }

  /** Of one target. With `noResilver`, objects stay where they are on its other disks; `label` is for a new one. */
  async changeMountpath(
    nodeId: string,
    action: MountpathAction,
    path: string,
    options: {
      readonly noResilver?: boolean
      readonly label?: string | undefined
      readonly signal?: AbortSignal
    } = {},
  ): Promise<void> {
    const query: [string, string][] = options.noResilver === true ? [['dntres', 'true']] : []
    if (options.label !== undefined) query.push(['mountpath_label', options.label])
    await this.#connection.headers({
      method: mountpathMethods[action],
      path: 'reverse/daemon/mountpaths',
      query,
      headers: [['Ais-Node-Id', nodeId]],
      json: { action, name: '', value: path },
      signal: options.signal,
    })
  }

  /** Stops every node. */
  async shutdown(signal?: AbortSignal): Promise<void> {
    await this.#end('shutdown', null, signal)
  }

  /** Ends the cluster for good. */
  async decommission(
    options: { readonly rmUserData?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const value = { rm_user_data: options.rmUserData === true }
    await this.#end('decommission', value, options.signal)
  }

  async #end(action: string, value: unknown, signal: AbortSignal | undefined): Promise<void> {
    const json = { action, name: '', value }
    await this.#connection.headers({ method: 'PUT', path: 'cluster', json, signal })
  }
}
