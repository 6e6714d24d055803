import { type Bck, findProvider } from '@aistore-ts/core/bucket/bck.ts'
import { type Fields, isFields, numberOf, textOf } from '../decode.ts'

/** What one target tells of its part of a job. */
export interface JobSnapshot {
  readonly nodeId: string
  readonly id: string
  /** As on the wire: `copy-bck`. */
  readonly kind: string
  /** The bucket it works on; absent: all, or none. */
  readonly bck?: Bck | undefined
  /** Where it writes to, when that is another one. */
  readonly to?: Bck | undefined
  /** Unix ms. */
  readonly startedAt: number
  /** Unix ms; absent while it runs or is idle. */
  readonly endedAt?: number | undefined
  readonly isAborted: boolean
  /** Its work is done. */
  readonly isIdle: boolean
  /** Why it was aborted, or what failed on its way; empty: nothing. */
  readonly error: string
  /** What it is about, for people. */
  readonly detail: string
  readonly objects: number
  readonly bytes: number
  readonly sentObjects: number
  readonly sentBytes: number
  readonly receivedObjects: number
  readonly receivedBytes: number
  /** All of it, in AIStore's JSON shape. */
  readonly fields: Fields
}

/** Unix ms; `undefined` for Go's zero time and for what is no time. */
function timeOf(value: unknown): number | undefined {
  const ms = Date.parse(textOf(value))
  return Number.isNaN(ms) || ms <= 0 ? undefined : ms
}

function bckOf(value: unknown): Bck | undefined {
  if (!isFields(value) || textOf(value.name) === '') return undefined
  const namespace = isFields(value.namespace) ? value.namespace : {}
  return {
    name: textOf(value.name),
    provider: findProvider(textOf(value.provider)) ?? 'ais',
    namespace: { uuid: textOf(namespace.uuid), name: textOf(namespace.name) },
  }
}

export function parseJobSnapshot(nodeId: string, fields: Fields): JobSnapshot {
  const stats = isFields(fields.stats) ? fields.stats : {}
  return {
    nodeId,
    id: textOf(fields.id),
    kind: textOf(fields.kind),
    bck: bckOf(fields['src-bck']) ?? bckOf(fields.bck),
    to: bckOf(fields['dst-bck']),
    startedAt: timeOf(fields['start-time']) ?? 0,
    endedAt: timeOf(fields['end-time']),
    isAborted: fields.aborted === true,
    isIdle: fields.is_idle === true,
    error: textOf(fields['abort-err']) || textOf(fields.err),
    detail: textOf(fields.ctlmsg),
    objects: numberOf(stats['loc-objs']),
    bytes: numberOf(stats['loc-bytes']),
    sentObjects: numberOf(stats['out-objs']),
    sentBytes: numberOf(stats['out-bytes']),
    receivedObjects: numberOf(stats['in-objs']),
    receivedBytes: numberOf(stats['in-bytes']),
    fields,
  }
}
