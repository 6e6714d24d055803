import type { Bck } from '../bucket/bck.ts'
import type { XactionSnap } from '../wire/xaction.ts'
import type { Work } from './xaction-kind.ts'
import type { XactionOrder } from './xaction-record.ts'

/** Which jobs are meant: all that fit every word that is given. */
export interface XactionChoice {
  readonly id?: string | undefined
  readonly kind?: string | undefined
  /** Canonical name. */
  readonly bck?: string | undefined
}

/** A job whose work is done elsewhere: in the calls of clients. */
export interface TrackedXaction {
  readonly id: string
  /** Aborted when somebody stops the job. */
  readonly signal: AbortSignal
  /** It has ended: by itself, or because nobody needed it for a while. */
  isOver(): boolean
  count(work: Work): void
  /** Its work is done: it stays as an idle one until `end`, or for a while. */
  idle(): void
  /** @param failure why it ended early */
  end(failure?: string): void
}

/** What a job that is tracked is about. */
export interface TrackedAbout {
  readonly id: string
  readonly kind: string
  readonly bck?: Bck | undefined
  readonly detail?: string | undefined
}

/** The jobs of one target. */
export interface XactionRunner {
  /** Could this be started? @throws AisError what is wrong with the order; `ErrBusy` something is in its way */
  check(order: XactionOrder): Promise<void>
  /** As `check`, then begins; resolves when the job is on record. */
  start(order: XactionOrder): Promise<void>
  /** Shows work that is done in the calls of clients as a job. */
  track(about: TrackedAbout): TrackedXaction
  /** Aborts those that have not ended. */
  stop(choice: XactionChoice, reason: string): void
  snaps(): readonly XactionSnap[]
  /** Takes one that has ended off the record; others stay. */
  forget(id: string): Promise<void>
  /** Once per keepalive interval: what a restart interrupted runs on when the node is ready. */
  tick(): void
  /** The metadata has changed: jobs that need rest end when objects begin to move, and others with their bucket. */
  follow(): void
  /** Interrupts all; resolves when none of them runs. */
  close(): Promise<void>
}
