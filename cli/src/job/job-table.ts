import type { JobSnapshot } from '@aistore-ts/sdk/jobs/job-snapshot.ts'
import { titleOfKind } from '@aistore-ts/sdk/jobs/kind-names.ts'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { orDash } from '../format/plural.ts'
import { formatSize, type Units } from '../format/size.ts'
import { formatClock, formatRfc822 } from '../format/time.ts'
import { table } from '../output/table.ts'

/** How jobs are shown. */
export interface JobTableOptions {
  readonly units: Units
  readonly headings: boolean
  readonly withDates: boolean
}

/** One job: its parts on all targets. */
export interface ShownJob {
  readonly id: string
  readonly kind: string
  readonly parts: readonly JobSnapshot[]
}

/** Parts put together by job, the oldest first. */
export function jobsOf(parts: readonly JobSnapshot[]): readonly ShownJob[] {
  const jobs = new Map<string, JobSnapshot[]>()
  for (const part of parts.toSorted((a, b) => a.startedAt - b.startedAt)) {
    jobs.set(part.id, [...(jobs.get(part.id) ?? []), part])
  }
  return [...jobs.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const sorted = own.toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
    return [{ id: first.id, kind: first.kind, parts: sorted }]
  })
}

export function stateOf({ endedAt, isAborted, isIdle, error }: JobSnapshot): string {
  const why = error === '' ? '' : `: ${JSON.stringify(error)}`
  if (isAborted) return `Aborted${why}`
  const state = endedAt !== undefined ? 'Finished' : isIdle ? 'Idle' : 'Running'
  return error === '' ? state : `${state} with errors${why}`
}

/** `copy-bucket[id] (ctl: ...)` */
export function captionOf({ kind, id, parts }: ShownJob): string {
  const details = [...new Set(parts.map(({ detail }) => detail).filter((text) => text !== ''))]
  const control = details.length === 0 ? '' : ` (ctl: ${details.join('; ')})`
  return `${titleOfKind(kind)}[${id}]${control}`
}

type Cell = (part: JobSnapshot) => string

const name = (bck: Bck | undefined) => (bck === undefined ? '-' : bckCname(bck))

function columnsOf({ kind, parts }: ShownJob, options: JobTableOptions): [string, Cell][] {
  const { units, withDates } = options
  const size = (bytes: number) => (bytes === 0 ? '-' : formatSize(bytes, units))
  const time = (ms: number | undefined) =>
    ms === undefined ? '-' : withDates ? formatRfc822(ms) : formatClock(ms)
  const isMoving = kind === 'rebalance'
  const hasTo = parts.some(({ to }) => to !== undefined)
  const hasBucket = parts.some(({ bck }) => bck !== undefined)
  const buckets: [string, Cell][] = hasTo
    ? [
        ['SRC BUCKET', ({ bck }) => name(bck)],
        ['DST BUCKET', ({ to }) => name(to)],
      ]
    : hasBucket
      ? [['BUCKET', ({ bck }) => name(bck)]]
      : []
  const counts: [string, Cell][] = isMoving
    ? [
        ['TX OBJECTS', (part) => orDash(part.sentObjects)],
        ['TX BYTES', (part) => size(part.sentBytes)],
        ['RX OBJECTS', (part) => orDash(part.receivedObjects)],
        ['RX BYTES', (part) => size(part.receivedBytes)],
      ]
    : [
        ['OBJECTS', (part) => orDash(part.objects)],
        ['BYTES', (part) => size(part.bytes)],
      ]
  return [
    ['NODE', (part) => part.nodeId],
    ['ID', (part) => part.id],
    ['KIND', (part) => part.kind],
    ...buckets,
    ...counts,
    ['START', (part) => time(part.startedAt)],
    ['END', (part) => time(part.endedAt)],
    ['STATE', stateOf],
  ]
}

/** The sum over all targets, where there is more than one with something to add. */
function totalRow(job: ShownJob, titles: readonly string[], units: Units): string[] | undefined {
  const active = job.parts.filter(({ objects, bytes }) => objects > 0 || bytes > 0)
  if (active.length < 2 || !titles.includes('OBJECTS')) return undefined
  const sum = (of: (part: JobSnapshot) => number) => active.reduce((all, part) => all + of(part), 0)
  const cells: Readonly<Record<string, string>> = {
    KIND: 'Total:',
    OBJECTS: String(sum(({ objects }) => objects)),
    BYTES: formatSize(
      sum(({ bytes }) => bytes),
      units,
    ),
  }
  return titles.map((title) => cells[title] ?? '')
}

/** A row for each target, and what they make together. @param filter of a column's text */
export function jobTable(
  job: ShownJob,
  options: JobTableOptions,
  filter?: { readonly column: string; readonly pattern: RegExp },
): string {
  const columns = columnsOf(job, options)
  const titles = columns.map(([title]) => title)
  const at = filter === undefined ? -1 : titles.indexOf(filter.column)
  const rows = job.parts
    .map((part) => columns.map(([, cell]) => cell(part)))
    .filter((cells) => at < 0 || filter?.pattern.test(cells[at] ?? '') === true)
  const total = at < 0 ? totalRow(job, titles, options.units) : undefined
  return table(
    titles.map((title) => ({ title })),
    total === undefined ? rows : [...rows, total],
    { headings: options.headings },
  )
}
