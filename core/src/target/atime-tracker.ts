import type { Clock } from '../ports/clock.ts'
import type { BucketRef, Mountpath } from '../ports/mountpath.ts'

/** Access times in memory, written back in batches: a GET costs no disk write. */
export interface AtimeTracker {
  /** Notes an access now; gives the time of the one before, Unix ms, if it was since the last write-back. */
  touch(mountpath: Mountpath, bucket: BucketRef, name: string): number | undefined
  /** The time of the last access since the last write-back, Unix ns. */
  find(bucket: BucketRef, name: string): bigint | undefined
  /** Writes everything back. */
  flush(): Promise<void>
}

interface Touched {
  readonly mountpath: Mountpath
  readonly bucket: BucketRef
  readonly name: string
  /** Unix ms: finer than any eviction asks for. */
  atimeMs: number
}

/** Names kept at most; past it the oldest are written back first. */
const touchedMax = 16_384

const nsPerMs = 1_000_000n

/** Access times may be lost by a crash, never an object: they only steer eviction. */
export function createAtimeTracker(clock: Clock): AtimeTracker {
  /** By bucket ID, then by name: a joined key would be made with every GET. */
  let touched = new Map<bigint, Map<string, Touched>>()
  let count = 0
  /** Most accesses are to the bucket of the one before. */
  let last: { readonly bucket: BucketRef; readonly names: Map<string, Touched> } | undefined

  function find(bucket: BucketRef, name: string): Touched | undefined {
    if (last?.bucket === bucket) return last.names.get(name)
    const names = touched.get(bucket.bid)
    if (names === undefined) return undefined
    last = { bucket, names }
    return names.get(name)
  }

  function add(entry: Touched): void {
    if (count >= touchedMax) void flush()
    const { bid } = entry.bucket
    const known = touched.get(bid)
    if (known === undefined) touched.set(bid, new Map([[entry.name, entry]]))
    else known.set(entry.name, entry)
    count++
  }

  async function flush(): Promise<void> {
    const batch = [...touched.values()].flatMap((byName) => [...byName.values()])
    touched = new Map()
    count = 0
    last = undefined
    await Promise.all(
      batch.map(async ({ mountpath, bucket, name, atimeMs }) => {
        const atimeNs = BigInt(atimeMs) * nsPerMs
        await mountpath.update(bucket, name, { atimeNs }, 'process').catch(() => undefined)
      }),
    )
  }

  return {
    touch(mountpath, bucket, name) {
      const atimeMs = Math.trunc(clock.now())
      const known = find(bucket, name)
      if (known === undefined || known.mountpath !== mountpath) {
        add({ mountpath, bucket, name, atimeMs })
        return known?.atimeMs
      }
      const previous = known.atimeMs
      known.atimeMs = atimeMs
      return previous
    },
    find(bucket, name) {
      const known = find(bucket, name)
      return known === undefined ? undefined : BigInt(known.atimeMs) * nsPerMs
    },
    flush,
  }
}
