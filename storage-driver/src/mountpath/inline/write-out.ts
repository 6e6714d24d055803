import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathBasis } from '../context.ts'
import type { InlineBody } from './inline-bodies.ts'
import { type PlacedBody, placeBody, settleBody } from './place-body.ts'

/** Gives small bodies their files, in the background and in batches. */
export interface WriteOut {
  /** There is a body to be written out. */
  wake(): void
  /**
   * Resolves when the object's content, if it is a small body, has its file on the disk; `undefined`: it is none.
   * @throws AisError `ErrCapExceeded` the disk is full, `ErrMountpathFaulted`, `ErrInternal`
   */
  finish(bucket: LocalBucket, name: string): Promise<void> | undefined
  /** Writes out what there is; what a full disk does not take stays in the catalog. */
  close(): Promise<void>
}

interface Waiter {
  resolve(): void
  reject(error: unknown): void
}

/** Turns of the event loop that share what is due, unless that is little. */
const turnsPerRound = 64

/** Rows changed per transaction. */
const settledPerStep = 256

/**
 * A round places the files of the oldest bodies, and of those that somebody waits for; one sync takes all of them to the
 * disk, and only then the rows speak of files, and the bodies go. Between two rounds lies `writeOutDelayMs`, so that a name
 * that is written often gets a file for its last content only, unless half of the backlog is taken.
 */
export function createWriteOut(context: MountpathBasis): WriteOut {
  const { backlog, catalog, clock, crashPoint, files, gate, inline, journal, limits, log } = context
  /** By the number of the body. */
  const waiters = new Map<number, Waiter[]>()
  let rest: AbortController | undefined
  let active = false
  let running: Promise<void> = Promise.resolve()
  let closing = false
  let closed = false
  let failing = false

  const nextBatch = (): Iterable<InlineBody> => {
    const batch = new Set<InlineBody>()
    for (const body of inline.due(waiters.keys())) {
      if (batch.size >= limits.writeOutBatch) break
      batch.add(body)
    }
    return batch
  }

  /** Places files until the disk is full. */
  const place = async (failures: Map<number, unknown>): Promise<readonly PlacedBody[]> => {
    const placed: PlacedBody[] = []
    // The more there is to do, the more of every turn it gets: the files keep up with the commits.
    const step = Math.max(limits.writeOutStep, Math.ceil(inline.dueCount / turnsPerRound))
    let inTurn = 0
    for (const body of nextBatch()) {
      if (gate.faulted) break
      try {
        const one = await placeBody(context, body)
        if (one !== undefined) placed.push(one)
      } catch (error) {
        failures.set(body.seq, error)
        if (isAisError(error, 'ErrCapExceeded')) break
      }
      if (++inTurn % step === 0) {
        await new Promise<void>((resolve) => files.afterTurn(resolve))
      }
    }
    return placed
  }

  const settle = async (placed: readonly PlacedBody[]): Promise<void> => {
    await context.settler.sync(() =>
      placed.map(({ body, target }) => `${body.bucket.root}/${target}`),
    )
    crashPoint('bodies-synced')
    for (let at = 0; at < placed.length; at += settledPerStep) {
      const step = placed.slice(at, at + settledPerStep)
      await journal.submit({
        durability: 'process',
        frees: true,
        apply: () => {
          for (const one of step) settleBody(context, one)
        },
      })
      crashPoint('bodies-settled')
      for (const { body } of step) inline.drop(body.seq)
    }
  }

  /** @returns whether nothing went wrong */
  const round = async (): Promise<boolean> => {
    const failures = new Map<number, unknown>()
    const placed = await place(failures)
    try {
      if (placed.length > 0) await settle(placed)
    } catch (error) {
      for (const { body } of placed) failures.set(body.seq, error)
    }
    answer(failures)
    return failures.size === 0
  }

  const answer = (failures: ReadonlyMap<number, unknown>): void => {
    for (const [seq, waiting] of waiters) {
      const failure = gate.faulted ? faultOf() : failures.get(seq)
      if (inline.find(seq) !== undefined && failure === undefined) continue
      waiters.delete(seq)
      for (const { resolve, reject } of waiting) {
        if (inline.find(seq) === undefined) resolve()
        else reject(failure)
      }
    }
    const [failure] = failures.values()
    const isFirst = failure !== undefined && !failing
    failing = failure !== undefined
    backlog.refuse(isAisError(failure) ? failure : undefined)
    if (isFirst && !gate.faulted) {
      const { path: mountpath } = context
      log.warn('small bodies could not be written out: they stay in the catalog until they can', {
        mountpath,
        bodies: failures.size,
        cause: String(failure),
      })
    }
  }

  const faultOf = (): unknown => {
    try {
      gate.check()
      return undefined
    } catch (error) {
      return error
    }
  }

  const isUrgent = (): boolean => closing || waiters.size > 0 || (backlog.pressing && !failing)

  const pause = async (): Promise<void> => {
    rest = new AbortController()
    try {
      await clock.sleep(limits.writeOutDelayMs, rest.signal)
    } catch {
      // Somebody is in a hurry.
    }
    rest = undefined
  }

  const hurry = (): void => rest?.abort()

  const run = async (): Promise<void> => {
    try {
      while (inline.dueCount > 0 && !gate.faulted) {
        if (!isUrgent()) await pause()
        if (!(await round()) && closing) return
      }
    } catch (error) {
      gate.raise('small bodies could not be written out', error)
    } finally {
      active = false
      if (gate.faulted) answer(new Map([[0, faultOf()]]))
    }
  }

  const wake = (): void => {
    // What is committed from here on gets its file after the next start.
    if (closed) return
    if (active) {
      if (isUrgent()) hurry()
      return
    }
    active = true
    running = run()
  }

  const waitFor = (seq: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (closed) gate.check()
      const waiting = waiters.get(seq)
      if (waiting === undefined) waiters.set(seq, [{ resolve, reject }])
      else waiting.push({ resolve, reject })
      wake()
    })

  return {
    wake,
    finish: (bucket, name) => {
      const seq = catalog.objects.load(bucket.bid, name)?.body ?? 0
      if (seq === 0) return undefined
      const settling = context.installing.find(bucket.ref.bid, name) ?? Promise.resolve()
      return settling.then(() => {
        if (inline.find(seq) !== undefined) return waitFor(seq)
      })
    },
    close: async () => {
      closing = true
      wake()
      hurry()
      await running
      closed = true
    },
  }
}
