import { type Bmd, nextBmd } from '../bucket/bmd.ts'
import type { ClusterConfig } from '../config/cluster-config.ts'
import { AisError } from '../errors/ais-error.ts'
import type { ClusterTime } from './cluster-time.ts'
import { compareStamps } from './control/cluster-state.ts'
import { accepted, raiseTerm } from './control/control-state.ts'
import type { KeepaliveAnswer, KeepaliveMsg } from './control/control-wire.ts'
import type { Documents } from './control/documents.ts'
import { staffIc } from './control/information-center.ts'
import { countHeard, hasLease, mayConfirm, metasyncMsg, propose } from './control/lead.ts'
import type { Credentials } from './credentials.ts'
import { createDelivery, type DeliveryDependencies } from './delivery.ts'
import { createNodeWatch } from './node-watch.ts'
import { nextRebalance, rebalanceWith } from './plan-rebalance.ts'
import { type RevokedToken, type RevokedTokens, withRevoked } from './revoked-tokens.ts'
import type { Rmd } from './rmd.ts'
import { activeTargets, findNode, type Smap, withNode } from './smap.ts'
import { type Snode, snodeFlags } from './snode.ts'
import { refuseTakenAddress, refuseTwin, sameEndpoints } from './twin.ts'

/** The one place where a cluster's metadata changes. Changes are made one after the other. */
export interface Primary {
  /**
   * `change` makes what shall differ from the documents in force (`undefined`: nothing to do). Resolves when a quorum
   * holds it durably, it is in force here, and every node that can be reached has it; the others get it when they return.
   * @throws AisError `ErrNotReady` while no quorum hears this node, or when it leads no more: the change may still come
   */
  update(change: (now: Documents) => Partial<Documents> | undefined): Promise<Documents>
  updateBmd(change: (bmd: Bmd) => Bmd | undefined): Promise<Bmd>
  updateConfig(change: (config: ClusterConfig) => ClusterConfig | undefined): Promise<ClusterConfig>
  /** `change` raises the version. */
  updateCredentials(
    change: (credentials: Credentials) => Credentials | undefined,
  ): Promise<Credentials>
  /** @throws AisError as `update`; `ErrBadRequest` too many */
  revoke(tokens: readonly RevokedToken[]): Promise<RevokedTokens>
  /**
   * Raises the version, staffs the information center, and starts a rebalance when objects have other owners then.
   * `lost`: targets that leave without having given their objects away.
   */
  updateSmap(change: (smap: Smap) => Smap | undefined, lost?: readonly string[]): Promise<Smap>
  /** Starts a global rebalance by hand. @throws AisError `ErrBadRequest` disabled, or nobody to move objects to */
  startRebalance(): Promise<Rmd>
  /** Stops the one that runs. `undefined`: none did. */
  stopRebalance(): Promise<Rmd | undefined>
  /** Runs `task` with no change under way. `task` itself must not ask for one. */
  exclusively<T>(task: () => Promise<T>): Promise<T>
  /** Takes `snode` into the map, or its new addresses. @throws AisError `ErrAlreadyExists` when its ID or address is another's */
  join(snode: Snode, options?: { readonly byAdmin?: boolean }): Promise<Smap>
  /** A node says that it is there. @throws AisError `ErrNotReady` as `update`, `ErrBadRequest` of another cluster */
  keepalive(message: KeepaliveMsg): Promise<KeepaliveAnswer>
  /** A node says that it stops: it is looked after at the next tick, as if it had been silent for long. */
  farewell(daemonId: string): Promise<void>
  /** Delivers what is on its way, takes silent nodes out of the map. Called several times per keepalive interval. */
  tick(): Promise<void>
}

/** Flags of a node that the map has and that joins. Only an administrator lets a gateway lead that said it may not. */
function joinedFlags(known: number, stated: number, byAdmin: boolean): number {
  const { nonElectable } = snodeFlags
  return (byAdmin ? known & ~nonElectable : known) | (stated & nonElectable)
}

/** Whether the map has to change for `snode`. */
function changes(known: Snode, snode: Snode, byAdmin: boolean): boolean {
  const flags = joinedFlags(known.flags, snode.flags, byAdmin)
  return !sameEndpoints(known, snode) || flags !== known.flags
}

/**
 * A cluster that gives itself up changes nothing any more, unless it takes that back.
 * @throws AisError `ErrBusy`
 */
function refuseWhileGivenUp({ smap }: Documents, changes: Partial<Documents> | undefined): void {
  const next = changes?.smap ?? smap
  if (changes === undefined || smap.absorbedBy === undefined || next.absorbedBy === undefined)
    return
  throw new AisError('ErrBusy', `this cluster joins cluster "${smap.absorbedBy.uuid}"`)
}

export interface PrimaryDependencies extends DeliveryDependencies {
  /** What the others go by. */
  readonly time: ClusterTime
}

export function createPrimary(dependencies: PrimaryDependencies): Primary {
  const { control, peers, time, clock, log } = dependencies
  let queue: Promise<unknown> = Promise.resolve()
  /** Newest rebalance that each target has come to the end of, as its keepalives say. */
  const finished = new Map<string, number>()
  const { deliver, distribute, inForce, catchUp } = createDelivery({ control, peers, clock, log })

  function serially<T>(task: () => Promise<T>): Promise<T> {
    const done = queue.then(task)
    queue = done.catch(() => undefined)
    return done
  }

  function checkInTouch(inTouch: typeof hasLease): void {
    if (inTouch(control.state(), clock.monotonic(), control.timing())) return
    throw new AisError('ErrNotReady', 'the primary is not in touch with most of the cluster')
  }

  async function updateNow(
    change: (now: Documents) => Partial<Documents> | undefined,
  ): Promise<Documents> {
    checkInTouch(hasLease)
    if (control.state().pending) await deliver()
    const before = control.state().committed
    const stamp = await control.run((state) => {
      if (!state.leading?.established || state.pending) {
        throw new AisError('ErrNotReady', 'an earlier change is still on its way')
      }
      const changes = change(state.committed)
      refuseWhileGivenUp(state.committed, changes)
      if (changes === undefined) return { state, answer: undefined }
      const next = propose(state, changes)
      return { state: next, answer: accepted(next).stamp }
    })
    if (stamp === undefined) return control.state().committed
    if (control.state().pending) await deliver()
    else await distribute(control.state().committed, before)
    const { committed } = control.state()
    if (!inForce(stamp)) {
      throw new AisError('ErrNotReady', 'no quorum holds the change yet: it may still come')
    }
    return committed
  }

  const update: Primary['update'] = (change) => serially(() => updateNow(change))

  async function updateSmap(
    change: (smap: Smap) => Smap | undefined,
    lost: readonly string[] = [],
  ): Promise<Smap> {
    const documents = await update((now) => {
      const changed = change(now.smap)
      if (changed === undefined || changed === now.smap) return undefined
      const smap = { ...staffIc(changed), version: now.smap.version + 1 }
      const gone = lost.filter((id) => findNode(smap, id) === undefined)
      return { smap, rmd: rebalanceWith(now, smap, gone) }
    })
    return documents.smap
  }

  async function join(snode: Snode, { byAdmin = false } = {}): Promise<Smap> {
    const { smap } = control.state().committed
    const known = findNode(smap, snode.daemonId)
    if (known && !changes(known, snode, byAdmin)) return smap
    const { intervalMs } = control.timing()
    if (known) await refuseTwin(peers, known, snode, intervalMs)
    await refuseTakenAddress(peers, smap, snode, intervalMs)
    return updateSmap((now) => {
      const before = findNode(now, snode.daemonId)
      if (before && !changes(before, snode, byAdmin)) return undefined
      // What the cluster decided about a node outlives its restart; what it says of itself comes along.
      const flags = joinedFlags(before?.flags ?? 0, snode.flags, byAdmin)
      return withNode(now, { ...snode, flags })
    })
  }

  const watch = createNodeWatch({
    ...{ control, peers, clock, log, update, updateSmap, catchUp },
    finishedBy: (id) => finished.get(id) ?? 0,
  })

  return {
    update,
    exclusively: serially,
    updateSmap,
    join,
    async startRebalance() {
      const { rmd } = await update(({ rmd, smap, config }) => {
        if (!config.rebalance.enabled) {
          throw new AisError('ErrBadRequest', 'rebalance is disabled')
        }
        const count = activeTargets(smap).length
        if (count < 2) {
          throw new AisError(
            'ErrBadRequest',
            `rebalance: not enough targets (${count}), need at least 2`,
          )
        }
        return { rmd: nextRebalance(rmd, smap) }
      })
      return rmd
    },
    async stopRebalance() {
      let stopped: Rmd | undefined
      await update(({ rmd }) => {
        if (rmd.completed >= rmd.version || rmd.aborted >= rmd.version) return undefined
        stopped = { ...rmd, aborted: rmd.version }
        return { rmd: stopped }
      })
      return stopped
    },
    async updateBmd(change) {
      const documents = await update(({ bmd }) => {
        const changed = change(bmd)
        return changed === undefined ? undefined : { bmd: nextBmd(bmd, changed) }
      })
      return documents.bmd
    },
    async updateCredentials(change) {
      const documents = await update(({ credentials }) => {
        const changed = change(credentials)
        return changed === undefined ? undefined : { credentials: changed }
      })
      return documents.credentials
    },
    async revoke(tokens) {
      const { revoked } = await update((documents) => {
        const changed = withRevoked(documents.revoked, tokens, time.now())
        return changed === undefined ? undefined : { revoked: changed }
      })
      return revoked
    },
    async updateConfig(change) {
      const documents = await update(({ config }) => {
        const changed = change(config)
        if (changed === undefined) return undefined
        return { config: { ...changed, config_version: config.config_version + 1 } }
      })
      return documents.config
    },
    async keepalive(message) {
      const { uuid } = control.state().committed.smap
      if (message.uuid !== '' && message.uuid !== uuid) {
        throw new AisError(
          'ErrBadRequest',
          `cluster integrity error (cie#50): node ${message.node.daemonId} belongs to cluster ${message.uuid}, this is ${uuid}`,
        )
      }
      const known = findNode(control.state().committed.smap, message.node.daemonId)
      if (known) await refuseTwin(peers, known, message.node, control.timing().intervalMs)
      peers.learn(message.node)
      await control.run((state, now) => ({
        state: countHeard(raiseTerm(state, message.term), message.node.daemonId, now),
        answer: undefined,
      }))
      finished.set(message.node.daemonId, message.rebalanced)
      checkInTouch(mayConfirm)
      await join(message.node)
      const state = control.state()
      const newer = compareStamps(message.stamp, state.committed.stamp) < 0
      return {
        term: state.term,
        fromPrimary: true,
        nowMs: time.now(),
        newer: newer ? metasyncMsg(state, state.committed, undefined, true) : undefined,
      }
    },
    async farewell(daemonId) {
      await control.run((state, now) => ({
        state: countHeard(state, daemonId, now - control.timing().leaseMs - 1),
        answer: undefined,
      }))
    },
    async tick() {
      const { leading, pending } = control.state()
      if (leading === undefined) return
      if (pending) {
        await deliver()
        return
      }
      await watch.tick()
    },
  }
}
