import type { Connection } from './connection.ts'
import { type Fields, isFields, parseJson, undecodable } from './decode.ts'

/** What one target did in one rebalance; counters in AIStore's shape. */
export interface RebalanceSnapshot {
  readonly nodeId: string
  readonly snapshot: Fields
}

/** Moving objects to the targets that own them. */
export class ClusterRebalance {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Resolves with its ID, `g<number>`. */
  start(signal?: AbortSignal): Promise<string> {
    const json = { action: 'start', name: '', value: { kind: 'rebalance' } }
    return this.#connection.text({ method: 'PUT', path: 'cluster', json, signal })
  }

  /** Stops the one that runs. When none does, nothing happens. */
  async stop(id: string, signal?: AbortSignal): Promise<void> {
    const json = { action: 'stop', name: '', value: { id, kind: 'rebalance' } }
    await this.#connection.headers({ method: 'PUT', path: 'cluster', json, signal })
  }

  /** What targets remember, oldest first for each. @throws AisClientError 404 for an ID that nobody knows */
  async snapshots(
    options: {
      readonly id?: string | undefined
      readonly onlyRunning?: boolean
      readonly signal?: AbortSignal
    } = {},
  ): Promise<readonly RebalanceSnapshot[]> {
    const { id = '', onlyRunning = false, signal } = options
    const json = { id, kind: 'rebalance', ...(onlyRunning ? { show_active: true } : {}) }
    const query = [['what', 'qryxstats']] as const
    const text = await this.#connection.text({
      method: 'GET',
      path: 'cluster',
      query,
      json,
      signal,
    })
    const byNode = parseJson(text, 'qryxstats')
    if (!isFields(byNode)) throw undecodable('qryxstats')
    return Object.entries(byNode).flatMap(([nodeId, list]) =>
      (Array.isArray(list) ? list : []).filter(isFields).map((snapshot) => ({ nodeId, snapshot })),
    )
  }
}
