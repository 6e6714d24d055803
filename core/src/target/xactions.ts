import type { XactionSnap } from '../wire/xaction.ts'
import type { TargetNode } from './target.ts'

/** Every job this target knows of, those at work and the latest that ended. */
export function xactionsOf(target: TargetNode): readonly XactionSnap[] {
  const rebalances = target.rebalancer.statuses().map((run): XactionSnap => {
    const { id, startedAt, endedAt, aborted, outObjects, outBytes, inObjects, inBytes } = run
    const stats = { localObjects: 0, localBytes: 0, outObjects, outBytes, inObjects, inBytes }
    return { id, kind: 'rebalance', startedAt, endedAt, aborted, stats }
  })
  const resilver = target.resilver.status()
  const jobs = target.xactions.snaps()
  if (resilver === undefined) return [...rebalances, ...jobs]
  const { id, startedAt, endedAt, aborted, objects, bytes } = resilver
  const none = { outObjects: 0, outBytes: 0, inObjects: 0, inBytes: 0 }
  const stats = { localObjects: objects, localBytes: bytes, ...none }
  return [...rebalances, { id, kind: 'resilver', startedAt, endedAt, aborted, stats }, ...jobs]
}
