import { stat } from 'node:fs/promises'
import path from 'node:path'
import { type ListEntry, listFlags } from '@aistore-ts/sdk/list-objects.ts'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Context } from '../command.ts'
import { plural } from '../format/plural.ts'
import { formatSize } from '../format/size.ts'
import { nameFilter } from '../listing/name-filter.ts'
import { isDirectory } from '../listing/object-columns.ts'
import { messageOf } from '../output/format-error.ts'
import { confirm, printLine } from '../output/messages.ts'
import { Progress } from '../output/progress.ts'
import { getOne } from './get-one.ts'
import { runWorkers } from './run-workers.ts'

/** Objects on their way at a time unless `--num-workers` says otherwise. */
const workersDefault = 10

/** Gets all objects with a prefix (or of a template) into a directory, under their own names. */
export async function getMany(context: Context, bck: Bck, out: string): Promise<void> {
  const { flags } = context
  const entries = await select(context, bck)
  const nowhere = out === '/dev/null'
  if (entries.length > 1 && out !== '' && out !== '-' && !nowhere) {
    const info = await stat(out).catch(() => undefined)
    if (info?.isDirectory() !== true) {
      throw new CommandError(
        `cannot write ${entries.length} prefix-matching objects to a single file "${out}"`,
      )
    }
  }
  const total = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0)
  const verb = flags.has('length') ? 'Read range' : 'GET'
  const discard = nowhere ? ' (and discard)' : ''
  const where =
    out === '-'
      ? ' to standard output'
      : out === '' || nowhere
        ? ''
        : ` => ${out.replace(/\/$/, '')}`
  const caption = `${verb}${discard} ${entries.length} object${plural(entries.length)} from ${bckCname(bck)}${where} (total size ${formatSize(total, flags.units())})`
  if (flags.has('yes')) printLine(context, caption)
  else if (!(await confirm(context, caption))) return
  await getAll(context, bck, out, entries, total)
}

async function select(context: Context, bck: Bck): Promise<readonly ListEntry[]> {
  const { client, flags, signal } = context
  const filter = nameFilter(flags)
  const prefix = flags.text('prefix') || filter.prefix
  const limit = flags.integer('limit') ?? 0
  const bits = flags.has('cached') ? listFlags.cached : 0
  const entries: ListEntry[] = []
  const request = { prefix, props: ['name', 'size'], flags: bits | listFlags.nameSize, signal }
  for await (const entry of client.bucket(bck).list(request)) {
    if (isDirectory(entry) || entry.name.endsWith('/') || !filter.matches(entry)) continue
    entries.push(entry)
    if (limit > 0 && entries.length >= limit) break
  }
  return entries
}

async function getAll(
  context: Context,
  bck: Bck,
  out: string,
  entries: readonly ListEntry[],
  total: number,
): Promise<void> {
  const { flags, terminal } = context
  const progress = flags.has('progress')
    ? new Progress(
        terminal,
        [
          { label: 'Objects:    ', kind: 'count', total: entries.length, current: 0 },
          { label: 'Total size: ', kind: 'size', total, current: 0 },
        ],
        context.now,
      )
    : undefined
  const failures: string[] = []
  const toOne = out === '-' || out === '/dev/null'
  // Standard output takes one object after the other.
  const workers = out === '-' ? 1 : (flags.integer('num-workers') ?? workersDefault)
  await runWorkers(entries, workers, async (entry) => {
    try {
      await getOne(context, bck, entry.name, toOne ? out : localPath(out, entry.name), {
        quiet: !flags.has('verbose') || progress !== undefined,
        exactPath: true,
        onBytes: (bytes) => progress?.add(1, bytes),
      })
    } catch (error) {
      context.signal.throwIfAborted()
      failures.push(entry.name)
      terminal.err(`Failed to GET ${bckCname(bck)}/${entry.name}: ${messageOf(error)}\n`)
    }
    progress?.add(0, 1)
  })
  progress?.finish()
  if (failures.length === 0) return
  throw new CommandError(`failed to GET ${failures.length} object${plural(failures.length)}`)
}

/** The name as a path below `out`. @throws CommandError when it would lead out of it */
export function localPath(out: string, name: string): string {
  const root = path.resolve(out)
  const full = path.resolve(root, `./${name}`)
  if (full === root || !full.startsWith(root === '/' ? root : `${root}/`)) {
    throw new CommandError(`object name ${JSON.stringify(name)} leads out of the destination`)
  }
  return path.join(out, name)
}
