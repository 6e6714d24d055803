import { encodeHex } from '../../catalog/encoding.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { uploadPath } from '../journal/superseded.ts'
import { dropUpload } from './uploads.ts'

/** Removes appends and multipart uploads that nobody went on with, now and then. */
export interface Expirer {
  /** Removes now what has not changed for `ageMs`; resolves with how many. */
  sweep(ageMs: number): Promise<number>
  /** Resolves when the removal under way is over. */
  close(): Promise<void>
}

/**
 * Looks every `expiryCheckMs` for what has not changed for `abandonedAgeMs`. Rows go before files, in one transaction
 * each: what a crash leaves are files without rows, which a start removes. What is being written, or read to become
 * an object, is left alone however old it is.
 */
export function startExpirer(context: MountpathContext): Expirer {
  const { buckets, catalog, clock, files, gate, journal, limits, log, path, pins, uses } = context
  const closing = new AbortController()
  const { signal } = closing

  /** Since the file or folder changed last; since `bornMs` when it is not there. */
  const ageMs = (place: string, bornMs: number): number => {
    const stat = files.lstatSync(place)
    const changedMs = stat === undefined ? bornMs : Number(stat.mtimeNs / 1_000_000n)
    return clock.now() - changedMs
  }

  const expireAppends = async (bucket: LocalBucket, oldMs: number): Promise<number> => {
    const key = encodeHex(bucket.bid)
    const own = catalog.appends.all().filter(({ bid }) => encodeHex(bid) === key)
    let expired = 0
    for (const { id, work } of own) {
      const file = `${bucket.root}/${work}`
      const isAbandoned = () => Math.min(ageMs(file, 0), uses.ageMs(id)) >= oldMs
      if (!isAbandoned()) continue
      const gone = await journal.submit({
        durability: 'process',
        frees: true,
        apply: () => {
          if (!isAbandoned()) return false
          catalog.appends.remove(bucket.bid, id)
          return true
        },
        finish: (removed) => {
          context.crashPoint('append-expired')
          if (removed) files.unlinkSync(file)
        },
      })
      if (gone) expired++
    }
    return expired
  }

  const expireUploads = async (bucket: LocalBucket, oldMs: number): Promise<number> => {
    let expired = 0
    for (const { id, createdNs } of catalog.uploads.all(bucket.bid)) {
      const bornMs = Number(createdNs / 1_000_000n)
      // Each part that arrives changes the folder.
      const isAbandoned = () => !pins.pinned(id) && ageMs(uploadPath(bucket, id), bornMs) >= oldMs
      if (isAbandoned() && (await dropUpload(context, bucket, id, isAbandoned))) expired++
    }
    return expired
  }

  const sweep = async (oldMs: number): Promise<number> => {
    let appends = 0
    let uploads = 0
    for (const bucket of buckets.all()) {
      appends += await expireAppends(bucket, oldMs)
      uploads += await expireUploads(bucket, oldMs)
    }
    context.crashPoint('expired')
    if (appends + uploads === 0) return 0
    context.count('cleanup.store.n', appends + uploads)
    log.info('abandoned work was removed', { mountpath: path, appends, uploads })
    return appends + uploads
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await clock.sleep(limits.expiryCheckMs, signal)
        await sweep(limits.abandonedAgeMs)
        uses.prune(limits.abandonedAgeMs)
      } catch (error) {
        if (signal.aborted || gate.faulted) return
        log.warn('abandoned work could not be removed', { mountpath: path, cause: String(error) })
      }
    }
  }

  const running = run()
  return {
    sweep,
    close: async () => {
      closing.abort()
      await running
    },
  }
}
