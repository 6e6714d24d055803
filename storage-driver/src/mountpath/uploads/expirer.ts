import { encodeHex } from '../../catalog/encoding.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { uploadPath } from '../journal/superseded.ts'
import { dropUpload } from './uploads.ts'

/** Removes appends and multipart uploads that nobody went on with, now and then. */
export interface Expirer {
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

  const expireAppends = async (bucket: LocalBucket): Promise<number> => {
    const key = encodeHex(bucket.bid)
    const own = catalog.appends.all().filter(({ bid }) => encodeHex(bid) === key)
    let expired = 0
    for (const { id, work } of own) {
      const file = `${bucket.root}/${work}`
      const isAbandoned = () => Math.min(ageMs(file, 0), uses.ageMs(id)) >= limits.abandonedAgeMs
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

  const expireUploads = async (bucket: LocalBucket): Promise<number> => {
    let expired = 0
    for (const { id, createdNs } of catalog.uploads.all(bucket.bid)) {
      const bornMs = Number(createdNs / 1_000_000n)
      // Each part that arrives changes the folder.
      const isAbandoned = () =>
        !pins.pinned(id) && ageMs(uploadPath(bucket, id), bornMs) >= limits.abandonedAgeMs
      if (isAbandoned() && (await dropUpload(context, bucket, id, isAbandoned))) expired++
    }
    return expired
  }

  const round = async (): Promise<void> => {
    let appends = 0
    let uploads = 0
    for (const bucket of buckets.all()) {
      appends += await expireAppends(bucket)
      uploads += await expireUploads(bucket)
    }
    uses.prune(limits.abandonedAgeMs)
    context.crashPoint('expired')
    if (appends + uploads === 0) return
    context.count('cleanup.store.n', appends + uploads)
    log.info('abandoned work was removed', { mountpath: path, appends, uploads })
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await clock.sleep(limits.expiryCheckMs, signal)
        await round()
      } catch (error) {
        if (signal.aborted || gate.faulted) return
        log.warn('abandoned work could not be removed', { mountpath: path, cause: String(error) })
      }
    }
  }

  const running = run()
  return {
    close: async () => {
      closing.abort()
      await running
    },
  }
}
