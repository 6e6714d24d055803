import type { BucketSummary } from '@aistore-ts/sdk/bucket-summary.ts'
import { type Bck, bckCname, type Provider, providers, sameBck } from '@aistore-ts/sdk/names/bck.ts'
import type { Context } from '../command.ts'
import { plural, yesNo } from '../format/plural.ts'
import { formatSize } from '../format/size.ts'
import { printLine } from '../output/messages.ts'
import { table } from '../output/table.ts'
import { parseRegex } from './name-filter.ts'

const providerNames: Readonly<Record<Provider, string>> = {
  ais: 'AIS',
  aws: 'AWS',
  gcp: 'GCP',
  azure: 'Azure',
  oci: 'OCI',
}

interface Which {
  /** Of remote clusters alone. */
  readonly isRemote?: boolean
  /** `@uuid#name`; either part may be missing. */
  readonly namespace?: string
}

/** Prints the buckets, a table for each provider. */
export async function listBuckets(
  context: Context,
  provider: Provider | undefined,
  { isRemote = false, namespace }: Which = {},
): Promise<void> {
  const { client, flags, signal } = context
  const all = flags.has('all')
  const listed = await client.listBuckets({ provider, namespace, present: !all, signal })
  const buckets = isRemote ? listed.filter(({ namespace }) => namespace.uuid !== '') : listed
  if (buckets.length === 0) {
    const which =
      provider === undefined ? '' : ` "${provider}://${isRemote ? '@' : (namespace ?? '')}"`
    const tip = all ? '' : " Use '--all' option to list matching remote buckets, if any."
    const text =
      provider === undefined ? 'No buckets in the cluster.' : `No${which} buckets in the cluster.`
    printLine(context, provider === undefined ? text : text + tip)
    return
  }
  const regex = flags.text('regex')
  const pattern = regex === undefined ? undefined : parseRegex(regex)
  const matching = pattern === undefined ? buckets : buckets.filter((bck) => pattern.test(bck.name))
  if (matching.length === 0) {
    printLine(
      context,
      `listed ${buckets.length} buckets with none matching ${JSON.stringify(regex)} regex`,
    )
    return
  }
  const present = all
    ? await client.listBuckets({ provider, namespace, present: true, signal })
    : matching
  for (const each of providers) {
    const group = matching.filter((bck) => bck.provider === each)
    if (group.length === 0) continue
    if (flags.has('summary')) await printSummary(context, each, group)
    else printNames(context, each, group, present)
  }
}

function printNames(
  context: Context,
  provider: Provider,
  buckets: readonly Bck[],
  present: readonly Bck[],
): void {
  const { flags, terminal } = context
  const isPresent = (bck: Bck) => present.some((other) => sameBck(bck, other))
  const rows = buckets.map((bck) => [bckCname(bck), yesNo(isPresent(bck))])
  terminal.out(
    table([{ title: 'NAME' }, { title: 'PRESENT' }], rows, {
      headings: !flags.has('no-headers'),
    }),
  )
  if (flags.has('no-footers')) return
  const count = buckets.filter(isPresent).length
  const part = flags.has('all') && provider !== 'ais' ? ` (${count} present)` : ''
  const total = `Total: [${providerNames[provider]} bucket${plural(buckets.length)}: ${buckets.length}${part}] ========`
  printLine(context, `${terminal.colors.cyan(total)}\n`)
}

/** Counts and sizes of some buckets, with a total when there are several. */
export async function printSummary(
  context: Context,
  provider: Provider,
  buckets: readonly Bck[],
  prefix = '',
): Promise<void> {
  const { client, flags, terminal } = context
  const units = flags.units()
  const summaries: BucketSummary[] = []
  for (const bck of buckets) {
    const cached = !flags.has('all')
    summaries.push(...(await client.summary({ bck, prefix, cached, signal: context.signal })))
  }
  const size = (bytes: number) => formatSize(bytes, units)
  const rows = summaries.map((s) => [
    bckCname(s.bck),
    yesNo(true),
    `${s.objectsPresent} ${s.objectsRemote}`,
    `${size(s.onDiskBytes)} ${size(s.presentBytes)} ${size(s.remoteBytes)}`,
    `${s.usedPercent}%`,
  ])
  const columns = ['NAME', 'PRESENT', 'OBJECTS', 'SIZE (apparent, objects, remote)', 'USAGE(%)']
  terminal.out(
    table(
      columns.map((title) => ({ title })),
      rows,
      { headings: !flags.has('no-headers') },
    ),
  )
  if (flags.has('no-footers') || summaries.length <= 1) return
  const sum = (of: (s: BucketSummary) => number) => summaries.reduce((n, s) => n + of(s), 0)
  const objects = sum((s) => s.objectsPresent)
  const remote = sum((s) => s.objectsRemote)
  const counts = objects + remote === 0 ? '' : `, objects ${objects}(${remote})`
  const total = `Total: [${providerNames[provider]} buckets: ${summaries.length}${counts}, apparent size ${size(sum((s) => s.onDiskBytes))}, used capacity ${sum((s) => s.usedPercent)}%] ========`
  printLine(context, terminal.colors.cyan(total))
}
