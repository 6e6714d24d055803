import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import { stringifyJson } from '@aistore-ts/core/wire/json.ts'
import type { BucketWorkload } from './bucket-workload.ts'
import type { Cluster } from './cluster.ts'
import type { CredentialsWorkload } from './credentials-workload.ts'
import type { ObjectWorkload } from './object-workload.ts'
import type { SimEvent } from './sim-event.ts'
import type { Timeline } from './timeline.ts'

/** Time an administrator waits for an answer, ms. */
const patienceMs = 15_000

/** Time between two looks of an administrator in a hurry, ms. */
const lookMs = 5
/** Time until a node that was told to forget itself is started as a new one, ms. */
const rejoinMs = 2_000

/** What clients do meanwhile. */
export interface Workloads {
  readonly buckets: BucketWorkload
  readonly objects: ObjectWorkload
  readonly credentials: CredentialsWorkload
}

/** What an administrator may ask of a node's place in service. */
export type ServiceAction =
  | 'start-maintenance'
  | 'stop-maintenance'
  | 'shutdown-node'
  | 'decommission-node'

export interface ServiceOrder {
  readonly action: ServiceAction
  /** Node ID. */
  readonly sid: string
  readonly rebalance: boolean
  readonly wipe?: boolean
}

/** Carries events out, and takes back what lasts: when its time is over, or all at once. */
export class Nemesis {
  readonly #cluster: Cluster
  readonly #timeline: Timeline
  readonly #workloads: Workloads
  #healed = false
  #undo = new Set<() => void>()

  constructor(cluster: Cluster, timeline: Timeline, workloads: Workloads) {
    this.#cluster = cluster
    this.#timeline = timeline
    this.#workloads = workloads
  }

  apply(event: SimEvent): void {
    const cluster = this.#cluster
    const { network } = cluster
    const { buckets, objects, credentials } = this.#workloads
    switch (event.kind) {
      case 'bucket':
        void buckets.step(event.key, event.gateway)
        return
      case 'rename':
        void buckets.rename(event.key, event.gateway)
        return
      case 'credentials':
        void credentials.step(event.key, event.gateway)
        return
      case 'object':
        void objects.step(event.key, event.gateway)
        return
      case 'rewrite':
        void objects.rewrite(event.key, event.gateway, event.again)
        return
      case 'rename-objects':
        void objects.rename(event.gateway)
        return
      case 'config': {
        const body = {
          action: 'set-config',
          value: { client: { client_timeout: `${event.value}m` } },
        }
        void this.#ask(event.gateway, '/v1/cluster', stringifyJson(body))
        return
      }
      case 'set-primary':
        void this.#ask(event.gateway, `/v1/cluster/proxy/${cluster.nodeIdOf(event.to)}`, undefined)
        return
      case 'maintenance':
      case 'leave': {
        const { who, gateway, forMs } = event
        const { action, rebalance, wipe } =
          event.kind === 'leave'
            ? event
            : { action: 'start-maintenance' as const, rebalance: false, wipe: false }
        const sid = cluster.nodeIdOf(who)
        void this.order(gateway, { action, sid, rebalance, wipe })
        this.#later(forMs, () => {
          cluster.start(who)
          if (action === 'decommission-node') return
          void this.order(gateway, { action: 'stop-maintenance', sid, rebalance })
        })
        return
      }
      case 'leave-twice':
        void this.#leaveTwice(event.who, event.gateway)
        return
      case 'start':
        cluster.start(event.who)
        return
      case 'crash': {
        const who = cluster.named(event.who)
        if (!cluster.isUp(who)) return
        cluster.crash(who)
        if (event.moves) cluster.move(who)
        this.#later(event.forMs, () => cluster.start(who))
        return
      }
      case 'crash-all': {
        const up = event.order.filter((who) => cluster.isUp(who))
        for (const who of up) cluster.crash(who)
        up.forEach((who, at) => {
          this.#later(event.forMs + at * 100, () => cluster.start(who))
        })
        return
      }
      case 'pause':
        cluster.hostOf(cluster.named(event.who))?.pause(event.forMs)
        return
      case 'slow': {
        const host = cluster.hostOf(cluster.named(event.who))
        host?.slow(event.byMs)
        this.#later(event.forMs, () => host?.slow(0))
        return
      }
      case 'block':
        network.block(event.links)
        this.#later(event.forMs, () => network.unblock(event.links))
        return
      case 'clog':
        network.clog(event.links)
        this.#later(event.forMs, () => network.unclog(event.links))
        return
      case 'loss':
        network.lossShare = event.share
        this.#later(event.forMs, () => {
          network.lossShare = 0
        })
        return
      case 'latency':
        network.extraLatencyMs = event.ms
        this.#later(event.forMs, () => {
          network.extraLatencyMs = 0
        })
        return
      case 'wall':
        cluster.shiftWall(event.who, event.byMs)
    }
  }

  /** Ends every fault: all links work, all nodes run. */
  heal(): void {
    this.#healed = true
    this.#cluster.supervised = true
    for (const undo of [...this.#undo]) undo()
    for (const id of this.#cluster.names) {
      this.#cluster.hostOf(id)?.resume()
      this.#cluster.start(id)
    }
  }

  /** Takes a node out of service, or brings it back. */
  async order(gateway: number, { action, sid, rebalance, wipe }: ServiceOrder): Promise<void> {
    const value = { sid, skip_rebalance: !rebalance, ...(wipe ? { rm_user_data: true } : {}) }
    await this.#ask(gateway, '/v1/cluster', stringifyJson({ action, value }))
  }

  async #leaveTwice(who: string, gateway: number): Promise<void> {
    const cluster = this.#cluster
    const sid = cluster.nodeIdOf(who)
    for (const action of ['start-maintenance', 'stop-maintenance'] as const) {
      const before = cluster.checker.newest?.rmd.version ?? 0
      await this.order(gateway, { action, sid, rebalance: true })
      if (!(await this.#rebalanced(before))) return
    }
    await this.order(gateway, { action: 'decommission-node', sid, rebalance: true, wipe: true })
    this.#later(rejoinMs, () => cluster.start(who))
  }

  /** Whether a rebalance later than `before` came to its end while somebody who asks all the time had patience. */
  async #rebalanced(before: number): Promise<boolean> {
    const timeline = this.#timeline
    const until = timeline.now + patienceMs
    while (timeline.now < until && !this.#healed) {
      const rmd = this.#cluster.checker.newest?.rmd
      if (rmd && rmd.version > before && rmd.completed === rmd.version) return true
      await new Promise<void>((resolve) => timeline.after(lookMs, resolve))
    }
    return false
  }

  #later(delayMs: number, undo: () => void): void {
    const once = () => {
      if (this.#undo.delete(once)) undo()
    }
    this.#undo.add(once)
    this.#timeline.after(delayMs, once)
    if (this.#healed) once()
  }

  async #ask(gateway: number, target: string, body: string | undefined): Promise<void> {
    const { network, client, gateways } = this.#cluster
    const url = this.#cluster.publicUrl(gateways[gateway % gateways.length] ?? '')
    try {
      await network.call(client, url, { method: 'PUT', target, body }, patienceMs)
    } catch (error) {
      if (!isAisError(error, 'ErrUnreachable')) throw error
    }
  }
}
