import { entryFlags, type ListEntry } from '@aistore-ts/sdk/list-objects.ts'
import { CommandError } from '../arguments/usage-error.ts'
import { yesNo } from '../format/plural.ts'
import { formatSize, type Units } from '../format/size.ts'
import { tabwriter } from '../output/tabwriter.ts'

/** What a listing can show, by the name of `--props`. */
export const objectColumns = {
  name: (entry: ListEntry) => entryName(entry),
  size: (entry: ListEntry, units: Units) =>
    isDirectory(entry) ? '' : formatSize(entry.sizeBytes, units),
  checksum: (entry: ListEntry) => entry.checksum,
  atime: (entry: ListEntry) => entry.atime,
  version: (entry: ListEntry) => entry.version,
  copies: (entry: ListEntry) => String(entry.copies),
  custom: (entry: ListEntry) => entry.custom || '-',
  location: (entry: ListEntry) => entry.location,
  cached: (entry: ListEntry) => (isDirectory(entry) ? '' : yesNo(isCached(entry))),
  chunked: (entry: ListEntry) => ((entry.flags & entryFlags.chunked) === 0 ? '' : 'yes'),
  status: (entry: ListEntry) => statusText(entry),
} as const

export type ObjectColumn = keyof typeof objectColumns

/** Every property of `--props all`, in upstream's order. */
export const allListProps: readonly ObjectColumn[] = [
  'name',
  'size',
  'checksum',
  'atime',
  'version',
  'cached',
  'status',
  'copies',
  'custom',
  'location',
]

/** @throws CommandError for a property that is none */
export function parseListProps(text: string): ObjectColumn[] {
  const names = text.split(',').map((name) => name.trim())
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new CommandError(`'--props ${text}' contains duplication: ${JSON.stringify(twice)}`)
  }
  return names.map((name) => {
    if (isColumn(name)) return name
    const known = Object.keys(objectColumns).sort().join(' ')
    throw new CommandError(
      `unknown object property ${JSON.stringify(name)} (expecting one of: [${known}])`,
    )
  })
}

function isColumn(name: string): name is ObjectColumn {
  return Object.hasOwn(objectColumns, name)
}

/** The table of one listing. Every cell is ended by a TAB, the last one as well. */
export function objectTable(
  entries: readonly ListEntry[],
  columns: readonly ObjectColumn[],
  options: { readonly units: Units; readonly headings: boolean },
): string {
  const lines = entries.map((entry) =>
    columns.map((column) => `${objectColumns[column](entry, options.units)}\t `).join(''),
  )
  if (options.headings) {
    lines.unshift(columns.map((column) => `${column.toUpperCase()}\t `).join(''))
  }
  return lines.length === 0 ? '' : tabwriter(`${lines.join('\n')}\n`)
}

export function isDirectory(entry: ListEntry): boolean {
  return (entry.flags & entryFlags.directory) !== 0
}

export function isCached(entry: ListEntry): boolean {
  return (entry.flags & entryFlags.cached) !== 0
}

/** Is it the object itself, in its right place, as opposed to a copy or a misplaced one? */
export function isInOrder(entry: ListEntry): boolean {
  return (entry.flags & entryFlags.statusMask) === 0
}

function entryName(entry: ListEntry): string {
  if (isDirectory(entry) && !entry.name.endsWith('/')) return `${entry.name}/`
  if ((entry.flags & entryFlags.inArchive) !== 0) return `    ${entry.name}`
  return entry.name
}

const misplacedStatuses: Readonly<Record<number, string>> = {
  1: 'misplaced(cluster)',
  2: 'misplaced(mountpath)',
  3: 'replica',
  4: 'replica(object-is-missing)',
}

function statusText(entry: ListEntry): string {
  const status = entry.flags & entryFlags.statusMask
  if (status !== 0) return misplacedStatuses[status] ?? 'invalid'
  if (!isCached(entry)) return 'n/a'
  if ((entry.flags & entryFlags.versionChanged) !== 0) return 'version-changed'
  if ((entry.flags & entryFlags.versionRemoved) !== 0) return 'deleted'
  if ((entry.flags & entryFlags.headFailed) !== 0) return 'remote-error'
  return 'ok'
}
