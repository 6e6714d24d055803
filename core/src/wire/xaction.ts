import { formatGoTime, goZeroTime, rfc3339Nano } from './go-time.ts'

/** A job on one node, as clients ask for it. @see AIStore core/xaction.go Snap */
export interface XactionSnap {
  readonly id: string
  readonly kind: string
  /** Unix ms. */
  readonly startedAt: number
  /** Unix ms; absent while it runs. */
  readonly endedAt: number | undefined
  readonly aborted: boolean
  readonly stats: XactionStats
}

/** Objects and bytes dealt with here, sent to other nodes, and received from them. */
export interface XactionStats {
  readonly localObjects: number
  readonly localBytes: number
  readonly outObjects: number
  readonly outBytes: number
  readonly inObjects: number
  readonly inBytes: number
}

const noBucket = { name: '', provider: '', namespace: { uuid: '', name: '' } }

const timeText = (ms: number | undefined) =>
  ms === undefined ? goZeroTime : formatGoTime(BigInt(Math.round(ms)) * 1_000_000n, rfc3339Nano)

/** Upstream's JSON of a snap; counters are texts. */
export function snapToJson(snap: XactionSnap): Record<string, unknown> {
  const { stats } = snap
  return {
    ext: null,
    'start-time': timeText(snap.startedAt),
    'end-time': timeText(snap.endedAt),
    bck: noBucket,
    'src-bck': noBucket,
    'dst-bck': noBucket,
    id: snap.id,
    kind: snap.kind,
    'abort-err': snap.aborted ? 'aborted' : '',
    err: '',
    'glob.id': '0',
    stats: {
      'loc-objs': String(stats.localObjects),
      'loc-bytes': String(stats.localBytes),
      'out-objs': String(stats.outObjects),
      'out-bytes': String(stats.outBytes),
      'in-objs': String(stats.inObjects),
      'in-bytes': String(stats.inBytes),
    },
    aborted: snap.aborted,
    is_idle: snap.endedAt !== undefined,
  }
}

/** Upstream's `nl.Status` of a job over all its nodes. */
export function statusToJson(status: {
  readonly id: string
  readonly kind: string
  /** Unix ms; absent while it runs. */
  readonly endedAt: number | undefined
  readonly aborted: boolean
}): Record<string, unknown> {
  const { id, kind, endedAt, aborted } = status
  return {
    kind,
    uuid: id,
    err: aborted ? 'aborted' : '',
    end_time: endedAt === undefined ? 0 : BigInt(Math.round(endedAt)) * 1_000_000n,
    aborted,
    is_idle: endedAt !== undefined,
  }
}
