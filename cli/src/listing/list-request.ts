import { type ListOptions, listFlags } from '@aistore-ts/sdk/list-objects.ts'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import type { Flags } from '../arguments/parse-arguments.ts'
import { CommandError } from '../arguments/usage-error.ts'
import { allListProps, type ObjectColumn, parseListProps } from './object-columns.ts'

/** What to ask of the cluster, and what to show of it. */
export interface ListPlan {
  readonly request: ListOptions
  readonly columns: readonly ObjectColumn[]
}

/** Is data of this bucket kept elsewhere as well? */
export function isRemoteBck(bck: Bck): boolean {
  return bck.provider !== 'ais' || bck.namespace.uuid !== ''
}

/** Works out request and columns from the flags of `ls`. @throws CommandError for flags that exclude each other */
export function planListing(flags: Flags, bck: Bck, prefix: string): ListPlan {
  const remote = isRemoteBck(bck)
  checkFlags(flags, remote, bck)
  let bits = remote ? listFlags.bucketPresent : 0
  const add = (name: string, bit: number) => {
    if (flags.has(name)) bits |= bit
  }
  add('archive', listFlags.archiveDir)
  if (flags.has('archive') && remote) bits |= listFlags.cached
  add('diff', listFlags.diff)
  add('cached', listFlags.cached)
  add('not-cached', listFlags.notCached | listFlags.noDirs)
  if (flags.has('all')) bits = (bits | listFlags.missing) & ~listFlags.bucketPresent
  add('skip-lookup', listFlags.dontHeadRemote)
  add('dont-add', listFlags.dontAddRemote)
  add('non-recursive', listFlags.noRecursion)
  add('no-dirs', listFlags.noDirs)
  add('inventory', listFlags.inventory)

  const wanted = wantedProps(flags)
  if (isSame(wanted, ['name'])) bits |= listFlags.nameOnly
  if (isSame(wanted, ['name', 'size'])) bits |= listFlags.nameSize
  const props = [...wanted]
  if (flags.has('diff')) {
    for (const prop of ['custom', 'version'] as const) if (!props.includes(prop)) props.push(prop)
  }
  const showCached =
    remote && !flags.has('cached') && (bits & (listFlags.nameOnly | listFlags.nameSize)) === 0
  return {
    request: {
      prefix,
      props,
      flags: bits,
      startAfter: flags.text('start-after'),
      inventoryName: flags.text('inv-name'),
    },
    columns: shownColumns(wanted, flags, showCached),
  }
}

function wantedProps(flags: Flags): readonly ObjectColumn[] {
  const text = flags.text('props') ?? ''
  if (flags.has('name-only')) return ['name']
  if (text === '') {
    if (flags.has('dont-add')) return ['name', 'size']
    if (flags.has('count-only')) return ['name']
    const status: readonly ObjectColumn[] = flags.has('all') ? ['status'] : []
    return ['name', 'size', 'cached', ...status]
  }
  if (text.split(',').includes('all')) return allListProps
  const props = parseListProps(text)
  return isSame(props, ['name', 'size'])
    ? ['name', 'size']
    : ['name', ...props.filter((p) => p !== 'name')]
}

/** CACHED, CHUNKED and STATUS stand last, in this order. */
function shownColumns(wanted: readonly ObjectColumn[], flags: Flags, cached: boolean) {
  const last: readonly ObjectColumn[] = ['cached', 'chunked', 'status']
  const columns = wanted.filter((column) => !last.includes(column))
  if (cached) columns.push('cached')
  if (flags.has('chunked') || wanted === allListProps) columns.push('chunked')
  if (wanted.includes('status') || flags.has('diff')) columns.push('status')
  return columns
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && b.every((item) => a.includes(item))
}

function checkFlags(flags: Flags, remote: boolean, bck: Bck): void {
  for (const name of ['diff', 'not-cached']) {
    if (flags.has(name) && !remote) {
      throw new CommandError(`flag --${name} requires remote bucket (have: ${bck.name})`)
    }
  }
  const exclusive = [
    ['diff', 'not-cached'],
    ['cached', 'not-cached'],
    ['diff', 'name-only'],
  ] as const
  for (const [a, b] of exclusive) {
    if (flags.has(a) && flags.has(b)) {
      throw new CommandError(`flags --${a} and --${b} are mutually exclusive`)
    }
  }
}
