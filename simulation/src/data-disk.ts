import type { BucketRef, ObjectMeta } from '@aistore-ts/core/ports/mountpath.ts'
import type { Host } from './host.ts'
import type { SeededRandom } from './seeded-random.ts'

export interface StoredObject {
  readonly meta: ObjectMeta
  readonly bytes: Uint8Array
}

export interface StoredBucket {
  readonly ref: BucketRef
  readonly objects: ReadonlyMap<string, StoredObject>
  /** Generations of deleted names; none is ever forgotten. */
  readonly tombstones: ReadonlyMap<string, string>
}

/** What a disk holds, by bucket ID. */
export type DiskContent = ReadonlyMap<bigint, StoredBucket>

/** A change of what a disk holds. */
export type DiskChange = (content: DiskContent) => DiskContent

/** Ms that a change takes to be safe, at most. */
const syncMs = 30
/** What a slow disk takes for one object of so many. */
const straggleMs = 2_000
const straggleOneOf = 3
/** The same where nobody waits for it. */
const lazySyncMs = 3_000

/** A data disk of one machine: what was acknowledged survives the processes that use it. */
export class DataDisk {
  /** What processes see. */
  #content: DiskContent = new Map()
  /** What a crash leaves. */
  #safe: DiskContent = new Map()
  #unsynced: DiskChange[] = []
  readonly #random: SeededRandom
  readonly #isSlow: boolean
  readonly #ackBeforeSync: boolean

  /** @param ackBeforeSync planted mistake: a change is seen, and acknowledged, before it is safe */
  constructor(random: SeededRandom, isSlow: boolean, ackBeforeSync = false) {
    this.#random = random
    this.#isSlow = isSlow
    this.#ackBeforeSync = ackBeforeSync
  }

  content(): DiskContent {
    return this.#content
  }

  /** Resolves when the change is safe, and only then is it seen. */
  change(host: Host, change: DiskChange): Promise<void> {
    return this.#keep(host, change, syncMs, this.#ackBeforeSync)
  }

  /**
   * The same for an object.
   * @param hasty planted mistake: it is seen, and resolves, before
   */
  write(host: Host, change: DiskChange, hasty = this.#ackBeforeSync): Promise<void> {
    const straggles = this.#isSlow && this.#random.below(straggleOneOf) === 0
    return this.#keep(host, change, straggles ? straggleMs : syncMs, hasty)
  }

  #keep(host: Host, change: DiskChange, mostMs: number, hasty: boolean): Promise<void> {
    return new Promise((resolve) => {
      if (!host.alive()) return
      this.#unsynced.push(change)
      const see = () => {
        this.#content = change(this.#content)
        resolve()
      }
      host.after((hasty ? lazySyncMs : mostMs) * this.#random.next(), () => {
        this.#unsynced = this.#unsynced.filter((other) => other !== change)
        this.#safe = change(this.#safe)
        if (!hasty) see()
      })
      if (hasty) see()
    })
  }

  /** Nothing is left. */
  wipe(): void {
    this.#unsynced = []
    this.#safe = new Map()
    this.#content = this.#safe
  }

  /** The process died: each change that was not acknowledged happened or did not. */
  crash(): void {
    for (const change of this.#unsynced) {
      if (this.#random.chance(0.5)) this.#safe = change(this.#safe)
    }
    this.#unsynced = []
    this.#content = this.#safe
  }
}

/**
 * `content` with `name` in `bucket` as given; `undefined` takes it away, and `tombstone` is the generation that stays.
 * A bucket that is gone stays gone.
 */
export function withObject(
  content: DiskContent,
  bucket: BucketRef,
  name: string,
  object: StoredObject | undefined,
  tombstone?: string | undefined,
): DiskContent {
  const stored = content.get(bucket.bid)
  if (stored === undefined) return content
  const objects = new Map(stored.objects)
  if (object === undefined) objects.delete(name)
  else objects.set(name, object)
  const tombstones = new Map(stored.tombstones)
  if (object !== undefined) tombstones.delete(name)
  if (tombstone !== undefined) tombstones.set(name, tombstone)
  return new Map(content).set(bucket.bid, { ref: stored.ref, objects, tombstones })
}
