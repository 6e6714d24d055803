import { encodeHex } from '../../catalog/encoding.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { createPace, type Pace } from './pace.ts'
import { type Finding, scrubObject } from './scrub-object.ts'
import { loadScrubState, noScrub, storeScrubState } from './scrub-state.ts'

/** Rows looked up at once; the state is stored as often. */
const rowsPerStep = 128

/** Reads every object of a mountpath in the background, round after round, and compares it with its row. */
export interface Scrubber {
  /** Resolves when the object under way has been left and the place in the round is stored. */
  close(): Promise<void>
}

/**
 * Begins where the last process stopped. A rate of 0 means no scrub. What it does is counted as `scrub.n`,
 * `scrub.size` and `err.scrub.n`.
 */
export function startScrubber(context: MountpathContext): Scrubber {
  const { buckets, catalog, clock, gate, limits, log, path } = context
  const closing = new AbortController()
  const { signal } = closing
  let state = loadScrubState(catalog.settings)

  /** An object that cannot be looked at must not keep the others from it. */
  const scrubOne = async (
    bucket: LocalBucket,
    name: string,
    row: ObjectRow,
    pace: Pace,
  ): Promise<Finding> => {
    try {
      return await scrubObject(context, bucket, name, row, pace)
    } catch (error) {
      if (signal.aborted || gate.faulted) throw error
      log.warn('the scrub left an object out', { mountpath: path, name, cause: String(error) })
      return 'skipped'
    }
  }

  const scrubBucket = async (bucket: LocalBucket, key: string, pace: Pace): Promise<void> => {
    for (;;) {
      const from = state.bucket === key ? state.name : ''
      const range = { from, exclusive: from !== '', to: undefined }
      const rows = catalog.objects.list(bucket.bid, range, rowsPerStep)
      for (const { name, row } of rows) {
        if (buckets.find(bucket.ref.bid) !== bucket) return
        const finding = await scrubOne(bucket, name, row, pace)
        const damaged = state.damaged + (finding === 'damaged' || finding === 'known' ? 1 : 0)
        state = { ...state, bucket: key, name, objects: state.objects + 1, damaged }
        if (finding !== 'skipped') {
          context.count('scrub.n', 1)
          context.count('scrub.size', row.sizeBytes)
        }
        if (finding === 'damaged') context.count('err.scrub.n', 1)
        context.crashPoint('scrubbed')
        await pace.spend(limits.scrubObjectBytes)
      }
      storeScrubState(catalog.settings, state)
      if (rows.length < rowsPerStep) return
    }
  }

  const round = async (): Promise<void> => {
    if (state.done) state = { ...noScrub, done: false, startedMs: clock.now() }
    const pace = createPace(clock, limits.scrubBytesPerSecond, limits.scrubRestFactor, signal)
    const ordered = buckets
      .all()
      .map((bucket) => ({ bucket, key: encodeHex(bucket.bid) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    for (const { bucket, key } of ordered) {
      if (key >= state.bucket) await scrubBucket(bucket, key, pace)
    }
    state = { ...state, done: true }
    storeScrubState(catalog.settings, state)
    const { objects, damaged } = state
    log.info('the scrub ended a round', { mountpath: path, objects, damaged })
    context.crashPoint('scrub-ended')
  }

  const untilDue = (): number => {
    const dueMs = state.done ? state.startedMs + limits.scrubIntervalMs - clock.now() : 0
    return Math.max(limits.scrubDelayMs, dueMs)
  }

  const run = async (): Promise<void> => {
    try {
      while (!signal.aborted) {
        await clock.sleep(untilDue(), signal)
        await round()
      }
    } catch (error) {
      if (gate.faulted) return
      if (!signal.aborted) log.warn('the scrub stopped', { mountpath: path, cause: String(error) })
      storeScrubState(catalog.settings, state)
    }
  }

  const running = limits.scrubBytesPerSecond > 0 ? run() : undefined
  return {
    close: async () => {
      closing.abort()
      await running
    },
  }
}
