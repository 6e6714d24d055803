import { primaryOf } from '../../cluster/smap.ts'
import type { TargetNode } from '../target.ts'

/**
 * A target whose last disk goes stays out of the map until it has one again: others own its names then, and what is on
 * the disk waits there. Who cannot tell the primary leaves the map by its silence.
 * @see AIStore ais/tgtcp.go `disable`
 */
export async function leaveWithLastDisk(target: TargetNode): Promise<void> {
  const { lifecycle, log, metadata, peers } = target
  const { daemonId } = target.self()
  log.error('the last mountpath goes: this target leaves the map')
  lifecycle.standAside()
  const primary = primaryOf(metadata.smap())
  if (primary === undefined) return
  try {
    await peers.leave(primary, daemonId, target.control.timing().leaseMs)
  } catch (error) {
    log.warn('the primary was not told', { error })
  }
}

/** The first disk is there: the target joins its cluster anew, and its objects go where the map has them. */
export function returnWithFirstDisk(target: TargetNode): void {
  const { lifecycle, metadata } = target
  const primary = primaryOf(metadata.smap())
  if (primary !== undefined) lifecycle.enter(primary.publicNet.url)
}
