import { shortId } from '../../algorithms/short-id.ts'
import { objectUname } from '../../bucket/bck.ts'
import { findBucket } from '../../bucket/bmd.ts'
import { hrwMountpath } from '../../cluster/hrw.ts'
import type { NodeContext } from '../../node/node-context.ts'
import type { BucketRef, Mountpath, ObjectMeta } from '../../ports/mountpath.ts'
import { durabilityOf } from '../durability.ts'
import type { NameLocks } from '../name-locks.ts'
import type { MountpathTable } from './mountpath-table.ts'
import { moveWithin } from './move-within.ts'
import { newestStampOn } from './newest-stamp.ts'

/** What a resilver did, so far or in all. */
export interface ResilverStatus {
  readonly id: string
  /** Unix ms. */
  readonly startedAt: number
  /** Unix ms; absent while it runs. */
  readonly endedAt: number | undefined
  /** A later one took its place, or the target stopped. */
  readonly aborted: boolean
  readonly objects: number
  readonly bytes: number
  /** Objects that could not be moved: they stay where they are. */
  readonly failures: number
}

/** Brings every object of this target to the disk it belongs on. */
export interface Resilver {
  /** Begins anew, in place of one that runs. Disks that wait to leave are closed at its end, when nothing is on them. */
  start(): ResilverStatus
  /** The latest one, if there was any. */
  status(): ResilverStatus | undefined
  /** Aborts; resolves when nothing of it runs. */
  stop(): Promise<void>
}

export interface ResilverParts {
  readonly context: NodeContext
  readonly table: MountpathTable
  readonly locks: NameLocks
}

/** Rows asked of a catalog per step. */
const stepRows = 500
/** Objects moved at once. */
const moversMax = 4

interface Run {
  readonly id: string
  readonly startedAt: number
  endedAt: number | undefined
  aborted: boolean
  objects: number
  bytes: number
  failures: number
}

export function createResilver({ context, table, locks }: ResilverParts): Resilver {
  const { platform, log, metadata } = context
  const { clock, random } = platform
  let run: Run | undefined
  let running: Promise<void> = Promise.resolve()

  async function moveOne(
    mine: Run,
    from: Mountpath,
    bucket: BucketRef,
    name: string,
  ): Promise<void> {
    const uname = objectUname(bucket.bck, name)
    await locks.write(uname, async () => {
      const to = hrwMountpath(table.available(), uname)
      const meta = from.load(bucket, name)
      if (meta === undefined) return
      const props = findBucket(metadata.bmd(), bucket.bck)
      if (props === undefined || props.bid !== bucket.bid) return
      const durability = durabilityOf(context, props)
      const others = table.open().filter((disk) => disk !== from)
      const newest = newestStampOn([to, ...others], bucket, name)
      const { generation } = meta
      const isOld = newest !== undefined && newest.generation > generation
      const isCopy = to !== from && to.load(bucket, name)?.generation === generation
      if (isOld || isCopy) {
        await from.remove(bucket, name, durability, { expect: { generation }, moved: true })
        return
      }
      if (to === from) return
      await moveWithin(from, to, bucket, meta, shortId(random), durability)
      mine.objects += 1
      mine.bytes += meta.sizeBytes
    })
  }

  async function moveRows(
    mine: Run,
    from: Mountpath,
    bucket: BucketRef,
    rows: readonly ObjectMeta[],
  ): Promise<void> {
    const queue = rows.filter(
      ({ name }) => hrwMountpath(table.available(), objectUname(bucket.bck, name)) !== from,
    )
    async function mover(): Promise<void> {
      for (let next = queue.pop(); next && !mine.aborted; next = queue.pop()) {
        try {
          await moveOne(mine, from, bucket, next.name)
        } catch (error) {
          mine.failures += 1
          log.warn('resilver: object stays', { bucket: bucket.bck.name, name: next.name, error })
        }
      }
    }
    await Promise.all(Array.from({ length: moversMax }, mover))
  }

  async function walk(mine: Run): Promise<void> {
    for (const from of table.open()) {
      for (const bucket of from.buckets()) {
        for (let after = ''; !mine.aborted; ) {
          const rows = from.list(bucket, { prefix: '', after, limit: stepRows, full: false })
          const last = rows.at(-1)
          if (last === undefined) break
          await moveRows(mine, from, bucket, rows)
          after = last.name
          await clock.sleep(0)
        }
      }
    }
  }

  /** A disk with a multipart upload on it waits for that: its parts were acknowledged. */
  function empty(): boolean {
    const leaving = new Set(table.list().waitingDD)
    return table
      .open()
      .filter(({ path }) => leaving.has(path))
      .every((disk) => disk.buckets().every((bucket) => disk.uploads(bucket).length === 0))
  }

  async function execute(mine: Run, before: Promise<void>): Promise<void> {
    await before
    try {
      if (!mine.aborted) await walk(mine)
      if (mine.aborted) return
      if (mine.failures > 0) log.error('resilver: not every object could be moved', { ...mine })
      else if (empty()) await table.settle()
      else log.warn('resilver: a disk with multipart uploads on it waits for them')
    } catch (error) {
      mine.aborted = true
      log.error('resilver failed', { error })
    } finally {
      mine.endedAt = clock.now()
      log.info('resilver ended', { ...mine })
    }
  }

  return {
    start() {
      if (run) run.aborted ||= run.endedAt === undefined
      const mine: Run = {
        id: shortId(random),
        startedAt: clock.now(),
        endedAt: undefined,
        aborted: false,
        objects: 0,
        bytes: 0,
        failures: 0,
      }
      run = mine
      running = execute(mine, running)
      return { ...mine }
    },
    status: () => (run === undefined ? undefined : { ...run }),
    stop() {
      if (run && run.endedAt === undefined) run.aborted = true
      return running
    },
  }
}
