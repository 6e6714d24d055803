import type { ListEntry } from '@aistore-ts/sdk/list-objects.ts'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Context } from '../command.ts'
import { formatDuration } from '../format/duration.ts'
import { withCommas } from '../format/plural.ts'
import { printLine } from '../output/messages.ts'
import { isRemoteBck, type ListPlan, planListing } from './list-request.ts'
import { type NameFilter, nameFilter } from './name-filter.ts'
import { isCached, isDirectory, objectTable } from './object-columns.ts'

/** A list of at most this many names needs no count below it. */
const uncountedMax = 10

/** Most names a page of an ais:// bucket may have. @see AIStore apc.MaxPageSizeAIS */
const pageSizeMax = 10_000

/**
 * Prints the objects of a bucket.
 * @param mustExist a list without names is an error: a single thing was asked for
 */
export async function listObjects(
  context: Context,
  bck: Bck,
  prefix: string,
  mustExist: boolean,
): Promise<void> {
  const { flags } = context
  const filter = nameFilter(flags)
  if (filter.prefix !== '' && prefix !== '' && filter.prefix !== prefix) {
    throw new CommandError(
      `which prefix to use: "${prefix}" (from --prefix) or "${filter.prefix}" (from --template)?`,
    )
  }
  const plan = planListing(flags, bck, filter.prefix === '' ? prefix : filter.prefix)
  const limits = pageLimits(context)
  if (flags.has('paged')) return listByPage(context, bck, plan, filter, limits)

  const startedMs = performance.now()
  const entries: ListEntry[] = []
  let any = false
  const request = { ...plan.request, pageSize: limits.pageSize, signal: context.signal }
  pages: for await (const page of context.client.bucket(bck).listPages(request)) {
    for (const entry of page.entries) {
      any = true
      if (filter.matches(entry)) entries.push(entry)
      // Upstream counts before it filters.
      if (limits.entriesMax > 0 && --limits.left <= 0) break pages
    }
  }
  if (!any) {
    if (mustExist) throw new CommandError(`"${prefix}" not found in ${bckCname(bck)}`)
    printLine(context, `No objects in ${bckCname(bck)}`)
    return
  }
  if (flags.has('count-only')) {
    const ns = BigInt(Math.round((performance.now() - startedMs) * 1e6))
    printCount(context, bck, entries, 'Listed', ` in ${formatDuration(ns)}`)
    return
  }
  printEntries(context, plan, entries)
  if (!flags.has('no-footers') && entries.length > uncountedMax) {
    printCount(context, bck, entries, 'Listed', '')
  }
}

interface Limits {
  readonly pageSize: number
  readonly pagesMax: number
  /** 0: all */
  readonly entriesMax: number
  left: number
}

function pageLimits({ flags }: Context): Limits {
  const pageSize = flags.integer('page-size') ?? 0
  const pagesMax = flags.integer('max-pages') ?? 0
  let entriesMax = flags.integer('limit') ?? 0
  if (pageSize < 0) {
    throw new CommandError(`invalid --page-size: page size (${pageSize}) cannot be negative`)
  }
  if (pageSize > pageSizeMax) {
    throw new CommandError(
      `invalid --page-size: page size (${pageSize}) cannot exceed the maximum (${pageSizeMax})`,
    )
  }
  if (entriesMax < 0) {
    throw new CommandError(
      `invalid --limit=${entriesMax}: max number of objects to list cannot be negative`,
    )
  }
  if (entriesMax === 0 && pagesMax > 0) entriesMax = pagesMax * (pageSize || pageSizeMax)
  const small = entriesMax > 0 && (entriesMax < pageSize || pageSize === 0)
  const size = small ? Math.min(entriesMax, pageSizeMax) : pageSize
  return { pageSize: size, pagesMax, entriesMax, left: entriesMax }
}

async function listByPage(
  context: Context,
  bck: Bck,
  plan: ListPlan,
  filter: NameFilter,
  limits: Limits,
): Promise<void> {
  let number = 0
  const request = { ...plan.request, pageSize: limits.pageSize, signal: context.signal }
  for await (const page of context.client.bucket(bck).listPages(request)) {
    number++
    const limited = limits.entriesMax > 0 ? page.entries.slice(0, limits.left) : page.entries
    limits.left -= limited.length
    const shown = limited.filter((entry) => filter.matches(entry))
    if (context.flags.has('count-only')) printCount(context, bck, shown, `Page ${number}:`, '')
    else {
      printEntries(context, plan, shown)
      if (!context.flags.has('no-footers') && shown.length > uncountedMax) {
        printCount(context, bck, shown, `Page ${number}:`, '')
      }
    }
    if (limits.pagesMax > 0 && number >= limits.pagesMax) return
    if (limits.entriesMax > 0 && limits.left <= 0) return
  }
}

function printEntries(context: Context, plan: ListPlan, entries: readonly ListEntry[]): void {
  const { flags, terminal } = context
  const sorted = flags.has('non-recursive')
    ? [...entries.filter(isDirectory), ...entries.filter((entry) => !isDirectory(entry))]
    : entries
  terminal.out(
    objectTable(sorted, plan.columns, {
      units: flags.units(),
      headings: !flags.has('no-headers'),
    }),
  )
}

function printCount(
  context: Context,
  bck: Bck,
  entries: readonly ListEntry[],
  label: string,
  tail: string,
): void {
  let note = ''
  if (isRemoteBck(bck) && !context.flags.has('cached') && !context.flags.has('count-only')) {
    const cached = entries.filter(isCached).length
    if (cached === 0) note = ' (in-cluster: none)'
    else if (cached < entries.length) note = ` (in-cluster: ${withCommas(cached)})`
  }
  const { blue } = context.terminal.colors
  printLine(context, `${blue(label)} ${withCommas(entries.length)} names${note}${tail}`)
}
