import path from 'node:path'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import type { Context } from '../command.ts'
import { formatSize } from '../format/size.ts'
import { table } from '../output/table.ts'
import type { FileSelection, LocalFile } from './local-files.ts'

/** The files of a mass upload, counted by extension. */
export function overview(context: Context, files: readonly LocalFile[]): string {
  const units = context.flags.units()
  const groups = new Map<string, { count: number; bytes: number }>()
  let totalBytes = 0
  for (const file of files) {
    const extension = path.extname(file.path)
    const group = groups.get(extension) ?? { count: 0, bytes: 0 }
    groups.set(extension, { count: group.count + 1, bytes: group.bytes + file.sizeBytes })
    totalBytes += file.sizeBytes
  }
  const rows = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([extension, { count, bytes }]) => [extension, String(count), formatSize(bytes, units)])
  rows.push(['TOTAL', String(files.length), formatSize(totalBytes)])
  const columns = ['EXTENSION', 'COUNT', 'SIZE'].map((title) => ({ title }))
  return `Files to upload:\n${table(columns, rows)}`
}

/** Whether directories are entered, when there are any. */
export function directoryNote({ flags }: Context, { directories }: FileSelection): string {
  if (directories === 0) return ''
  const how = flags.has('recursive') ? 'recursively' : 'non-recursive'
  return directories === 1 ? ` (one directory, ${how})` : ` (${directories} directories, ${how})`
}

/** Where it all goes: a bucket, or what names in it begin with. */
export function destinationText(bck: Bck, prefix: string): string {
  return prefix === '' ? bckCname(bck) : `${bckCname(bck)}/${prefix}`
}
