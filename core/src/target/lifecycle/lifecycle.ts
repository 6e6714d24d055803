import { bckCname } from '../../bucket/bck.ts'
import { listBuckets } from '../../bucket/bmd.ts'
import { isRebalancing } from '../../cluster/rmd.ts'
import type { TargetNode } from '../target.ts'
import { type Aged, abortUploads, expireObjects } from './expire-bucket.ts'

/** Between two passes, ms. */
const passIntervalMs = 3_600_000

/** Where days are shortened, a day has so many passes. */
const passesOfShortDay = 4

/** Ends what the lifecycles of buckets say is over, of the objects of this target. */
export interface Lifecycle {
  /** Starts a pass when one is due. Never throws: what goes wrong is logged, and tried again by the next pass. */
  tick(): void
  /** Resolves when no pass runs any more. */
  stop(): Promise<void>
}

export function createLifecycle(target: TargetNode): Lifecycle {
  const { platform, metadata, log } = target
  let running: Promise<void> | undefined
  let isStopped = false
  let passedAt = platform.clock.monotonic()

  async function pass(daySeconds: number): Promise<void> {
    for (const { bck, props } of listBuckets(metadata.bmd())) {
      const rules = (props.s3.lifecycle ?? []).filter(({ enabled }) => enabled)
      if (rules.length === 0) continue
      const bucket = { bck, bid: props.bid, props }
      // Objects on the move are judged where they come to rest.
      const stopped = () => isStopped || isRebalancing(metadata.rmd())
      const aged: Aged = { bucket, rules, daySeconds, stopped }
      let objects = 0
      let uploads = 0
      for (const mountpath of target.mountpaths()) {
        objects += await expireObjects(target, mountpath, aged)
        uploads += await abortUploads(target, mountpath, aged)
      }
      if (objects + uploads > 0) {
        log.info('lifecycle', { bucket: bckCname(bck), expired: objects, aborted: uploads })
      }
    }
  }

  return {
    tick() {
      const { day_seconds: daySeconds } = metadata.config().lifecycle
      const shortMs = (daySeconds * 1000) / passesOfShortDay
      const elapsedMs = platform.clock.monotonic() - passedAt
      if (running !== undefined || isStopped || elapsedMs < Math.min(passIntervalMs, shortMs))
        return
      passedAt = platform.clock.monotonic()
      running = pass(daySeconds)
        .catch((error: unknown) => log.error('lifecycle', { error }))
        .finally(() => {
          running = undefined
        })
    },
    async stop() {
      isStopped = true
      await running
    },
  }
}
