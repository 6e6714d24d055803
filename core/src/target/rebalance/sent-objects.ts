import type { BucketRef, Mountpath, ObjectMeta } from '../../ports/mountpath.ts'

/** An object that was here until a moment ago, and the disk it was on. */
export interface SentObject {
  readonly meta: ObjectMeta
  readonly mountpath: Mountpath
}

/**
 * Objects that went to their owners lately. A listing asks all targets at once, not all at the same moment: what it found
 * neither at the owner, where it had not come yet, nor here, where it was gone already, it finds among these.
 */
export interface SentObjects {
  add(bucket: BucketRef, sent: SentObject): void
  /** Those of a bucket by name. */
  of(bucket: BucketRef): ReadonlyMap<string, SentObject>
}

/** Longest that a target may take for its part of a page, ms: so far the parts can lie apart. */
export const movingPageMs = 10_000
const keptMs = 2 * movingPageMs

/** @param now monotonic ms */
export function createSentObjects(now: () => number): SentObjects {
  const buckets = new Map<bigint, Map<string, SentObject & { readonly at: number }>>()

  function forgetOld(sent: Map<string, { readonly at: number }>): void {
    // In the order in which they were added.
    for (const [name, { at }] of sent) {
      if (now() - at <= keptMs) return
      sent.delete(name)
    }
  }

  return {
    add({ bid }, sent) {
      for (const [other, objects] of buckets) {
        forgetOld(objects)
        if (objects.size === 0) buckets.delete(other)
      }
      const objects = buckets.get(bid) ?? new Map()
      buckets.set(bid, objects)
      objects.delete(sent.meta.name)
      objects.set(sent.meta.name, { ...sent, at: now() })
    },
    of({ bid }) {
      const objects = buckets.get(bid) ?? new Map()
      forgetOld(objects)
      return objects
    },
  }
}
