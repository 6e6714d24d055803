import type { BucketRef } from '@aistore-ts/core/ports/mountpath.ts'
import { findBuckets } from '../buckets/find-buckets.ts'
import type { MountpathContext } from '../context.ts'
import { type ScanResult, scanFiles } from './scan-files.ts'

/** Walks for files without a row, at the start, on request, and again while some were too young. */
export interface Rescanner {
  /** Buckets of this disk that the catalog does not know. */
  findUnknownBuckets(): Promise<readonly BucketRef[]>
  /** One walk; what was too young is looked at again in the background. The number adopted. */
  scan(): Promise<number>
  close(): Promise<void>
}

export function createRescanner(context: MountpathContext): Rescanner {
  const { catalog, clock, files, limits, log, path } = context
  const closing = new AbortController()
  let later: Promise<void> | undefined
  let running: Promise<ScanResult> | undefined

  const walk = (): Promise<ScanResult> => {
    running ??= scanFiles(context, closing.signal).finally(() => {
      running = undefined
    })
    return running
  }

  const scan = async (): Promise<number> => {
    const { adopted, postponed } = await walk()
    if (postponed > 0) {
      later ??= lookAgain()
    } else if (!closing.signal.aborted) {
      catalog.settings.remove('rebuild')
    }
    if (adopted > 0) log.info('files without a row were adopted', { mountpath: path, adopted })
    return adopted
  }

  const lookAgain = async (): Promise<void> => {
    try {
      await clock.sleep(limits.adoptAgeMs, closing.signal)
      later = undefined
      await scan()
    } catch (error) {
      later = undefined
      if (closing.signal.aborted) return
      log.warn('files without a row could not be adopted', {
        mountpath: path,
        cause: String(error),
      })
    }
  }

  return {
    findUnknownBuckets: async () => {
      const found = await findBuckets(files, path)
      return found.filter(({ bid }) => context.buckets.find(bid) === undefined)
    },
    scan,
    close: async () => {
      closing.abort()
      await Promise.allSettled([later, running])
    },
  }
}
