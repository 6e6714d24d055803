import type { TargetBucket, TargetNode } from '../target/target.ts'
import type { JsonValue } from '../wire/json.ts'

/** How a job lives beside others: data, for the runner to go by. */
export interface XactionTraits {
  /** What people call it: accepted wherever a kind is. */
  readonly title: string
  /** `bucket`: it works on one, and is refused without. */
  readonly scope: 'global' | 'bucket' | 'bucket-or-all'
  /** The `start` action of the cluster may start it. */
  readonly startable: boolean
  /** Refused while objects are on the move between targets or disks, and aborted when that begins. */
  readonly needsRest: boolean
  /** No two of this kind at once on the same pair of buckets. */
  readonly exclusive: boolean
  /** When its work is done it stays for a while as one that is idle: clients wait for that. */
  readonly idles: boolean
  /** After a restart of the target it runs anew under its ID: its units may be done twice. Others are reported as interrupted. */
  readonly resumes: boolean
}

/** Most jobs: on one bucket, alone or beside others. */
export const plainTraits: Omit<XactionTraits, 'title'> = {
  scope: 'bucket',
  startable: false,
  needsRest: false,
  exclusive: false,
  idles: false,
  resumes: false,
}

/** One unit of work that is done. */
export interface Work {
  readonly objects?: number
  readonly bytes?: number
  /** Sent to other nodes, of the above. */
  readonly outObjects?: number
  readonly outBytes?: number
  /** Received from other nodes. */
  readonly inObjects?: number
  readonly inBytes?: number
  /** An object that failed, and why; unless the job goes on beyond errors, it throws instead. */
  readonly failure?: string | undefined
}

/** What a run knows besides its arguments. */
export interface XactionContext {
  readonly target: TargetNode
  readonly id: string
  /** The bucket it works on; absent: all, or none. */
  readonly bucket: TargetBucket | undefined
  /** Where it writes to, when that is another one. */
  readonly to: TargetBucket | undefined
  /** Aborted with the job: for what takes long inside a unit. */
  readonly signal: AbortSignal
}

/** A kind of job: one file. */
export interface XactionKind<Args> {
  /** As on the wire. */
  readonly kind: string
  readonly traits: XactionTraits
  /** Reads the message. @throws AisError `ErrBadRequest` */
  parse(value: JsonValue): Args
  /** Objects dealt with at once, as clients see it; absent: one after the other. */
  workers?(args: Args): number
  /** Refuses what cannot be done, before any target has begun. */
  check?(args: Args, context: XactionContext): void
  /** Each `yield` ends one unit of work: the only place to pause, slow down or abort. */
  run(args: Args, context: XactionContext): AsyncGenerator<Work, void>
}

/** What is ready to begin. */
export interface PreparedRun {
  readonly workers: number
  run(): AsyncGenerator<Work, void>
}

/** A kind whose arguments nobody outside sees. */
export interface RegisteredKind {
  readonly kind: string
  readonly traits: XactionTraits
  /** @throws AisError `ErrBadRequest`, or what the kind refuses */
  prepare(value: JsonValue, context: XactionContext): PreparedRun
}

/** Makes a kind one of many. */
export function registered<Args>(kind: XactionKind<Args>): RegisteredKind {
  return {
    kind: kind.kind,
    traits: kind.traits,
    prepare(value, context) {
      const args = kind.parse(value)
      kind.check?.(args, context)
      return { workers: kind.workers?.(args) ?? 0, run: () => kind.run(args, context) }
    },
  }
}
