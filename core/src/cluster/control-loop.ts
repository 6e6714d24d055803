import { AisError } from '../errors/ais-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Absorption } from './absorption.ts'
import type { ControlPlane } from './control/control-plane.ts'
import { hasLease } from './control/lead.ts'
import type { Election } from './election.ts'
import type { Membership } from './membership.ts'
import type { NodeOperations } from './node-operations.ts'
import type { Primary } from './primary.ts'
import { findNode } from './smap.ts'
import type { Snode } from './snode.ts'

/** What a gateway does in the control plane beside a target. */
export interface GatewayParts {
  readonly primary: Primary
  readonly election: Election
  readonly operations: Pick<NodeOperations, 'tick'>
}

export interface ControlLoopParts {
  readonly control: ControlPlane
  readonly membership: Membership
  /** Absent at a target. */
  readonly gateway: GatewayParts | undefined
  readonly absorption: Absorption
  readonly clock: Clock
  readonly log: Log
  readonly stopping: AbortSignal
  /** Waits out of the map: neither announces itself nor stands for election. */
  standby(): boolean
  self(): Snode
  /** A keepalive to the primary failed. */
  onKeepaliveError(error: unknown): void
}

export interface ControlLoop {
  /** Resolves when this node is in the map, or leads with a quorum. @throws AisError when the cluster refuses it */
  join(): Promise<void>
  /** Keeps the node in its cluster, and the cluster at work, until the signal. */
  run(): Promise<void>
}

/** So many leases long a node asks again that is told its name or address is another's: the other may be going. */
const refusalLeases = 2
/** Pause between two tries to join, ms. */
const joinPauseMs = 100
/** Of so many failures to join, one is logged. */
const failuresPerLog = 50
/** The clockwork looks so many times per keepalive interval. */
const ticksPerInterval = 4

export function createControlLoop(parts: ControlLoopParts): ControlLoop {
  const { control, membership, gateway, clock, log, stopping } = parts

  const leadsWell = () => hasLease(control.state(), clock.monotonic(), control.timing())
  const pause = (delayMs: number) => clock.sleep(delayMs, stopping).catch(() => undefined)

  /** A primary that came back at another address says so in the map. */
  async function ownAddress(): Promise<void> {
    if (gateway === undefined || !leadsWell()) return
    await gateway.primary.join(parts.self())
  }

  async function tick(): Promise<void> {
    if (parts.standby()) return
    await parts.absorption.tick()
    if (gateway === undefined) return
    await gateway.election.tick()
    await gateway.primary.tick()
    await gateway.operations.tick()
    await ownAddress()
  }

  async function tickForever(): Promise<void> {
    while (!stopping.aborted) {
      await pause(control.timing().intervalMs / ticksPerInterval)
      if (stopping.aborted) return
      await tick().catch((error: unknown) => log.debug('control plane', { error }))
    }
  }

  async function announceForever(): Promise<void> {
    while (!stopping.aborted) {
      await pause(control.timing().intervalMs)
      if (stopping.aborted || leadsWell() || parts.standby()) continue
      await membership.announce().catch(parts.onKeepaliveError)
    }
  }

  return {
    async join() {
      let refusedSince: number | undefined
      for (let failures = 0; !stopping.aborted; failures++) {
        if (parts.standby()) {
          await pause(joinPauseMs)
          continue
        }
        try {
          if (leadsWell()) await ownAddress()
          else await membership.announce()
          refusedSince = undefined
          const own = findNode(control.metadata.smap(), parts.self().daemonId)
          if (own !== undefined && (control.state().leading === undefined || leadsWell())) return
        } catch (error) {
          // Refused for what we are, not for when we came.
          if (error instanceof AisError && error.status === 400) {
            if (await parts.absorption.seek()) continue
            throw error
          }
          if (error instanceof AisError && error.code === 'ErrAlreadyExists') {
            refusedSince ??= clock.monotonic()
            const patienceMs = refusalLeases * control.timing().leaseMs
            if (clock.monotonic() - refusedSince > patienceMs) throw error
          }
          if (failures % failuresPerLog === 0) log.warn('cannot join yet', { error })
        }
        await pause(joinPauseMs)
        if (gateway !== undefined && control.state().committed.smap.uuid !== '') {
          await tick().catch((error: unknown) => log.debug('control plane', { error }))
        }
      }
    },
    async run() {
      await Promise.all([tickForever(), announceForever()])
    },
  }
}
