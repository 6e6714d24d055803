import type { Bck } from '../bucket/bck.ts'
import { parseBckUname } from '../bucket/names.ts'
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
  /** Canonical name of the bucket it works on. */
  readonly bck?: string | undefined
  /** Canonical name of the bucket it writes to, where that is another one. */
  readonly to?: string | undefined
  /** Why it ended early, or what went wrong on its way: the object and the reason. */
  readonly error?: string | undefined
  /** Its work is done; it stays for a while in case more comes. */
  readonly idle?: boolean | undefined
  /** What it is about, for people. */
  readonly detail?: string | undefined
  /** Objects dealt with at once; 0: one after the other. */
  readonly workers?: number | undefined
  /** The targets it was started on. */
  readonly targets?: readonly string[] | undefined
}

/** A job has come to its end, or has nothing to do. */
export function isIdle(snap: XactionSnap): boolean {
  return snap.endedAt !== undefined || snap.idle === true
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

const bucketOf = (uname: string | undefined): Bck | typeof noBucket =>
  uname === undefined ? noBucket : parseBckUname(uname)

const timeText = (ms: number | undefined) =>
  ms === undefined ? goZeroTime : formatGoTime(BigInt(Math.round(ms)) * 1_000_000n, rfc3339Nano)

/** Upstream's JSON of a snap; counters are texts. */
export function snapToJson(snap: XactionSnap): Record<string, unknown> {
  const { stats } = snap
  return {
    ext: null,
    'start-time': timeText(snap.startedAt),
    'end-time': timeText(snap.endedAt),
    bck: bucketOf(snap.to ?? snap.bck),
    'src-bck': snap.to === undefined ? noBucket : bucketOf(snap.bck),
    'dst-bck': bucketOf(snap.to),
    id: snap.id,
    kind: snap.kind,
    ctlmsg: snap.detail,
    'abort-err': snap.aborted ? (snap.error ?? 'aborted') : '',
    err: snap.aborted ? '' : (snap.error ?? ''),
    // Bits 10 to 19.
    'glob.id': String((snap.workers ?? 0) * 2 ** 10),
    stats: {
      'loc-objs': String(stats.localObjects),
      'loc-bytes': String(stats.localBytes),
      'out-objs': String(stats.outObjects),
      'out-bytes': String(stats.outBytes),
      'in-objs': String(stats.inObjects),
      'in-bytes': String(stats.inBytes),
    },
    aborted: snap.aborted,
    is_idle: isIdle(snap),
  }
}

/** Upstream's `nl.Status` of a job over all its nodes. */
export function statusToJson(status: {
  readonly id: string
  readonly kind: string
  /** Unix ms; absent while it runs. */
  readonly endedAt: number | undefined
  readonly aborted: boolean
  readonly error: string
  readonly idle: boolean
}): Record<string, unknown> {
  const { id, kind, endedAt, aborted, error, idle } = status
  return {
    kind,
    uuid: id,
    err: error === '' && aborted ? 'aborted' : error,
    end_time: endedAt === undefined ? 0 : BigInt(Math.round(endedAt)) * 1_000_000n,
    aborted,
    is_idle: idle,
  }
}
