import { type Bmd, nextBmd } from '../bucket/bmd.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkStatus } from '../node/node-answer.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Transport } from '../ports/transport.ts'
import { stringifyJson } from '../wire/json.ts'
import type { Metadata, MetadataBundle } from './metadata.ts'
import { metasyncJson } from './metasync.ts'
import { allNodes, type Smap, withNode } from './smap.ts'
import type { Snode } from './snode.ts'

/** The one place where a cluster's metadata changes. Changes are made one after the other. */
export interface Primary {
  /**
   * `change` makes the next BMD from the current one (`undefined`: nothing to do). Resolves when it is durable here
   * and every node that can be reached has it; the others get it when they return.
   */
  updateBmd(change: (bmd: Bmd) => Bmd | undefined): Promise<Bmd>
  /** As `updateBmd`, for the cluster config. */
  updateConfig(change: (config: ClusterConfig) => ClusterConfig | undefined): Promise<ClusterConfig>
  /** Takes `snode` into the map, or its new addresses. @throws AisError `ErrAlreadyExists` when its address belongs to another node */
  join(snode: Snode): Promise<Smap>
  /** Sends what they lack to nodes that could not be reached; called from time to time. */
  retryPending(): Promise<void>
}

export interface PrimaryDependencies {
  readonly metadata: Metadata
  readonly transport: Transport
  readonly clock: Clock
  readonly log: Log
  self(): Snode
}

/** Whether the map says of a node what the node says of itself. */
function sameEndpoints(a: Snode, b: Snode): boolean {
  return (
    a.publicNet.url === b.publicNet.url &&
    a.controlNet.url === b.controlNet.url &&
    a.dataNet.url === b.dataNet.url &&
    a.fastNet?.url === b.fastNet?.url
  )
}

/** A node that does not take new metadata in this time is counted as away. */
const metasyncTimeoutMs = 5_000

export function createPrimary(dependencies: PrimaryDependencies): Primary {
  const { metadata, transport, log } = dependencies
  const pending = new Set<string>()
  let queue: Promise<unknown> = Promise.resolve()

  function serially<T>(task: () => Promise<T>): Promise<T> {
    const done = queue.then(task)
    queue = done.catch(() => undefined)
    return done
  }

  async function send(node: Snode, bundle: MetadataBundle): Promise<void> {
    try {
      const answer = await transport.call(
        node,
        'control',
        { method: 'PUT', target: '/v1/metasync', body: stringifyJson(metasyncJson(bundle)) },
        metasyncTimeoutMs,
      )
      await checkStatus(answer)
      pending.delete(node.daemonId)
    } catch (error) {
      pending.add(node.daemonId)
      const cause = error instanceof Error ? error.message : String(error)
      log.warn('metasync: node not reached', { node: node.daemonId, cause })
    }
  }

  async function distribute(bundle: MetadataBundle): Promise<void> {
    const own = dependencies.self().daemonId
    const others = allNodes(metadata.smap()).filter((node) => node.daemonId !== own)
    await Promise.all(others.map((node) => send(node, bundle)))
  }

  return {
    updateBmd: (change) =>
      serially(async () => {
        const changed = change(metadata.bmd())
        if (changed === undefined) return metadata.bmd()
        const bmd = nextBmd(metadata.bmd(), changed)
        await metadata.apply({ bmd })
        await distribute({ bmd })
        return bmd
      }),

    updateConfig: (change) =>
      serially(async () => {
        const changed = change(metadata.config())
        if (changed === undefined) return metadata.config()
        const config: ClusterConfig = {
          ...changed,
          config_version: metadata.config().config_version + 1,
        }
        await metadata.apply({ config })
        await distribute({ config })
        return config
      }),

    join: (snode) =>
      serially(async () => {
        const before = metadata.smap()
        for (const node of allNodes(before)) {
          if (node.daemonId === snode.daemonId) continue
          if (node.publicNet.url === snode.publicNet.url) {
            throw new AisError(
              'ErrAlreadyExists',
              `${snode.publicNet.url} belongs to node ${node.daemonId} already`,
            )
          }
        }
        const known = allNodes(before).find((node) => node.daemonId === snode.daemonId)
        if (known && known.daemonType !== snode.daemonType) {
          throw new AisError(
            'ErrAlreadyExists',
            `node ${snode.daemonId} is a ${known.daemonType}, not a ${snode.daemonType}`,
          )
        }
        if (known && sameEndpoints(known, snode)) {
          pending.delete(snode.daemonId)
          return before
        }
        const smap = withNode(before, snode)
        await metadata.apply({ smap })
        await distribute({ smap })
        return smap
      }),

    async retryPending() {
      if (pending.size === 0) return
      const bundle = { smap: metadata.smap(), bmd: metadata.bmd(), config: metadata.config() }
      const nodes = allNodes(bundle.smap).filter((node) => pending.has(node.daemonId))
      await Promise.all(nodes.map((node) => send(node, bundle)))
    },
  }
}
