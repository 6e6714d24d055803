import type { Departure, Lifecycle } from '@aistore-ts/core/node/lifecycle.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { RunMarker } from './run-marker.ts'

export interface LifeParts {
  readonly log: Log
  readonly marker: RunMarker | undefined
  /** Waits for an administrator from the start. */
  readonly standby: boolean
  /** Carries a departure out. Called once. */
  leave(departure: Departure): Promise<void>
}

/** A node's life with what only the daemon reads of it. */
export interface Life extends Lifecycle {
  /** Gateways that an administrator named. */
  entries(): readonly string[]
}

export function createLife({ log, marker, standby, leave }: LifeParts): Life {
  const entries: string[] = []
  let aside = standby
  let leaving = false
  return {
    entries: () => entries,
    standby: () => aside,
    standAside() {
      aside = true
    },
    enter(url) {
      log.info('admitted by an administrator', { url })
      if (!entries.includes(url)) entries.unshift(url)
      aside = false
    },
    crashed: () => marker?.raised() ?? false,
    forgetCrash() {
      marker?.lower()
    },
    depart(departure) {
      if (leaving) return
      leaving = !departure.stay
      aside = true
      log.info('leaving', { ...departure })
      void leave(departure).catch((error: unknown) => log.error('leaving failed', { error }))
    },
  }
}
