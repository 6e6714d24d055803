import { shortId } from '../algorithms/short-id.ts'
import { listBuckets } from '../bucket/bmd.ts'
import { isAisError } from '../errors/ais-error.ts'
import { percentUsed } from '../node/node-info.ts'
import type { TargetNode } from './target.ts'

/** Between two clean-ups that nobody asked for, ms. */
const cleanUpIntervalMs = 3_600_000

/** Starts what makes room when disks fill. */
export interface SpaceWatch {
  /** Looks at the disks when that is due (`lru.capacity_upd_time`). Never throws. */
  tick(): void
  /** Resolves when no look is under way. */
  stop(): Promise<void>
}

/**
 * Above `space.cleanupwm` of a disk `cleanup-store` starts by itself, above `space.highwm` also `lru`, where a bucket has it
 * enabled. @see AIStore ais/tgtspace.go
 */
export function createSpaceWatch(target: TargetNode): SpaceWatch {
  const { log, metadata, platform } = target
  let lookedAt = platform.clock.now()
  let cleanedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  async function start(kind: 'cleanup-store' | 'lru', percent: number): Promise<void> {
    const id = shortId(platform.random)
    log.info('space: a disk fills up', { kind, id, percent })
    try {
      await target.xactions.start({ id, kind, args: {}, targets: [target.self().daemonId] })
    } catch (error) {
      // One runs already, or objects are on the move: the next look judges anew.
      if (!isAisError(error, 'ErrBusy')) throw error
    }
  }

  const evicts = () => listBuckets(metadata.bmd()).some(({ props }) => props.lru.enabled)

  async function look(now: number): Promise<void> {
    const { space } = target.settings.current()
    const disks = target.availableMountpaths()
    const percents = await Promise.all(
      disks.map(async (disk) => percentUsed(await disk.capacity())),
    )
    const fullest = Math.max(0, ...percents)
    if (fullest > space.cleanupwm && Math.abs(now - cleanedAt) >= cleanUpIntervalMs) {
      cleanedAt = now
      await start('cleanup-store', fullest)
    }
    if (fullest > space.highwm && evicts()) await start('lru', fullest)
  }

  return {
    tick() {
      const now = platform.clock.now()
      const { capacity_upd_time: intervalMs } = target.settings.current().lru
      // A clock that is set, ahead or back, puts nothing off.
      if (running !== undefined || Math.abs(now - lookedAt) < intervalMs) return
      lookedAt = now
      running = look(now)
        .catch((error: unknown) => log.error('space', { error }))
        .finally(() => {
          running = undefined
        })
    },
    async stop() {
      await running
    },
  }
}
