import type { Clock } from '../ports/clock.ts'
import type { BucketRef, Mountpath } from '../ports/mountpath.ts'

/** Access times in memory, written back in batches: a GET costs no disk write. */
export interface AtimeTracker {
  touch(mountpath: Mountpath, bucket: BucketRef, name: string): void
  /** The time of the last access since the last write-back. */
  find(bucket: BucketRef, name: string): bigint | undefined
  /** Writes everything back. */
  flush(): Promise<void>
}

interface Touched {
  readonly mountpath: Mountpath
  readonly bucket: BucketRef
  readonly name: string
  readonly atimeNs: bigint
}

/** Names kept at most; past it the oldest are written back first. */
const touchedMax = 16_384

/** Access times may be lost by a crash, never an object: they only steer eviction. */
export function createAtimeTracker(clock: Clock): AtimeTracker {
  let touched = new Map<string, Touched>()
  const keyOf = (bucket: BucketRef, name: string) => `${bucket.bid}/${name}`

  async function flush(): Promise<void> {
    const batch = touched
    touched = new Map()
    await Promise.all(
      [...batch.values()].map(async ({ mountpath, bucket, name, atimeNs }) => {
        await mountpath.update(bucket, name, { atimeNs }, 'process').catch(() => undefined)
      }),
    )
  }

  return {
    touch(mountpath, bucket, name) {
      if (touched.size >= touchedMax) void flush()
      touched.set(keyOf(bucket, name), { mountpath, bucket, name, atimeNs: clock.nowNs() })
    },
    find: (bucket, name) => touched.get(keyOf(bucket, name))?.atimeNs,
    flush,
  }
}
