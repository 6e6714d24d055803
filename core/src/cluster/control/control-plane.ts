import { AisError } from '../../errors/ais-error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DocumentStore } from '../../ports/document-store.ts'
import type { Log } from '../../ports/log.ts'
import type { Metadata } from '../metadata.ts'
import { type ControlState, type Step, type Timing, timingOf } from './control-state.ts'
import { createSaveStep } from './control-store.ts'
import { changedDocuments, type Documents, documentVersions } from './documents.ts'

/**
 * One node's part of the control plane: its state, and the only way to change it. Steps run one after the other, and
 * nobody hears of one before it is durable.
 */
export interface ControlPlane {
  state(): ControlState
  timing(): Timing
  /** What is in force here, as all other code sees it. */
  readonly metadata: Metadata
  /** Runs `step`; resolves with its answer when the state is durable. When it throws, or the disk fails, nothing changed. */
  run<A>(step: (state: ControlState, now: number) => Step<A>): Promise<A>
  /** Resolves when everything that follows from the state in force has been done here. */
  followed(): Promise<void>
  /** Resolves at the next change of the state, or after `delayMs`. */
  change(delayMs: number): Promise<void>
}

export interface ControlPlaneParts {
  readonly initial: ControlState
  readonly store: DocumentStore
  readonly clock: Clock
  readonly log: Log
}

type Listener = (now: Metadata, changed: Partial<Documents>) => void | Promise<void>

export function createControlPlane({
  initial,
  store,
  clock,
  log,
}: ControlPlaneParts): ControlPlane {
  const saveStep = createSaveStep(store)
  let state = initial
  let queue: Promise<unknown> = Promise.resolve()
  let following: Promise<void> = Promise.resolve()
  const listeners: Listener[] = []
  const waiting = new Set<() => void>()

  const metadata: Metadata = {
    smap: () => state.committed.smap,
    bmd: () => state.committed.bmd,
    config: () => state.committed.config,
    rmd: () => state.committed.rmd,
    credentials: () => state.committed.credentials,
    emd: () => state.committed.emd,
    revoked: () => state.committed.revoked,
    onChange(listener) {
      listeners.push(listener)
    },
  }

  async function follow(changed: Partial<Documents>): Promise<void> {
    for (const listener of listeners) {
      try {
        await listener(metadata, changed)
      } catch (error) {
        log.error('metadata: a change could not be followed', { error })
      }
    }
  }

  function swap(next: ControlState): void {
    const before = state
    state = next
    const changed = changedDocuments(before.committed, next.committed)
    if (Object.keys(changed).length > 0) {
      log.info('metadata updated', {
        term: next.committed.stamp.term,
        index: next.committed.stamp.index,
        ...documentVersions(changed),
      })
      following = following.then(() => follow(changed))
    }
    for (const wake of [...waiting]) wake()
  }

  async function runNow<A>(step: (state: ControlState, now: number) => Step<A>): Promise<A> {
    const { state: next, answer } = step(state, clock.monotonic())
    if (next === state) return answer
    await saveStep(state, next)
    swap(next)
    return answer
  }

  return {
    state: () => state,
    timing: () => timingOf(state.committed.config.keepalivetracker.proxy.interval),
    metadata,
    run(step) {
      const done = queue.then(() => runNow(step))
      queue = done.catch(() => undefined)
      return done
    },
    followed: () => following,
    async change(delayMs) {
      const stop = new AbortController()
      const wake = () => stop.abort(new AisError('ErrGone', 'changed'))
      waiting.add(wake)
      await clock.sleep(delayMs, stop.signal).catch(() => undefined)
      waiting.delete(wake)
    },
  }
}
