import type { ControlPlane } from '../cluster/control/control-plane.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Reply } from '../ports/call.ts'
import type { Clock } from '../ports/clock.ts'

/**
 * Keeps a target that may be out of the map by now from acknowledging writes: its owner of today has newer versions,
 * and what is written here would lose against them when the two meet again.
 */
export interface WriteFence {
  /**
   * Runs a call that writes. Its success is told only while no map without this target can be in force; when the primary
   * is away for a moment, calls wait for it.
   * @throws AisError `ErrNotReady`: the write may have come about or not
   */
  guard(run: () => Reply | Promise<Reply>): Promise<Reply>
}

/** Whether a method changes nothing. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

export interface WriteFenceParts {
  readonly control: Pick<ControlPlane, 'timing' | 'metadata' | 'change'>
  readonly clock: Clock
  /** When the newest keepalive was sent that the primary has answered, monotonic ms. */
  confirmedAt(): number
  /** Sends one now. */
  refresh(): Promise<void>
}

/** While the primary is out of reach it is looked for so many times per keepalive interval. */
const triesPerInterval = 4

export function createWriteFence(parts: WriteFenceParts): WriteFence {
  const { control, clock, refresh } = parts
  let renewing: Promise<void> | undefined

  // The primary takes out nobody whom it heard within a lease; it heard us no sooner than we called.
  const holds = () => clock.monotonic() - parts.confirmedAt() < control.timing().leaseMs

  async function renew(): Promise<void> {
    const { leaseMs, intervalMs } = control.timing()
    const deadline = clock.monotonic() + leaseMs
    for (;;) {
      await refresh()
      if (holds()) return
      if (clock.monotonic() >= deadline) {
        throw new AisError('ErrNotReady', 'this target is not in touch with the primary')
      }
      await control.change(intervalMs / triesPerInterval)
    }
  }

  function renewed(): Promise<void> {
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  async function confirmed(reply: Reply, version: number): Promise<Reply> {
    await renewed()
    if (control.metadata.smap().version === version) return reply
    reply.onEnd?.(false)
    throw new AisError('ErrNotReady', 'the map has changed: the write may have come too late')
  }

  async function guarded(run: () => Reply | Promise<Reply>): Promise<Reply> {
    const { version } = control.metadata.smap()
    const reply = await run()
    return reply.status >= 400 || holds() ? reply : confirmed(reply, version)
  }

  return {
    guard: (run) => (holds() ? guarded(run) : renewed().then(() => guarded(run))),
  }
}
