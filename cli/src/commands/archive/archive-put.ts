import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { fileBody } from '@aistore-ts/sdk/node/file-body.ts'
import type { ShardMode } from '@aistore-ts/sdk/object-handle.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { expandTemplate, parseTemplate } from '../../arguments/template.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { confirm, printLine, warn } from '../../output/messages.ts'
import {
  addSource,
  emptySelection,
  expandHome,
  type FileSelection,
  type LocalFile,
} from '../../transfer/local-files.ts'
import { destinationText, directoryNote, overview } from '../../transfer/put-overview.ts'

const usage = '[FILE|DIRECTORY[/PATTERN]] BUCKET/SHARD_NAME'

/** A shard, and how files come into it. */
interface Shard {
  readonly bck: Bck
  readonly name: string
  readonly mode: ShardMode
}

function modeOf({ flags }: Context): ShardMode | undefined {
  if (flags.has('append') && flags.has('append-or-put')) {
    throw new UsageError('--append and --append-or-put are mutually exclusive')
  }
  if (flags.has('append')) return 'append'
  return flags.has('append-or-put') ? 'append-or-create' : undefined
}

async function putInto(context: Context, shard: Shard, file: LocalFile): Promise<void> {
  const { client, signal } = context
  const body = await fileBody(file.path)
  const options = { mode: shard.mode, lengthBytes: file.sizeBytes, signal }
  await client.bucket(shard.bck).object(shard.name).putIntoShard(file.objectName, body, options)
}

/** `archive put FILE BUCKET/SHARD`: without a word on how, to the shard where there is one. */
async function putOne(context: Context, shard: Shard, file: LocalFile): Promise<void> {
  const verb = shard.mode === 'replace' ? 'PUT' : 'APPEND'
  const text = `${verb} ${file.path} to ${destinationText(shard.bck, shard.name)} as ${JSON.stringify(file.objectName)}`
  if (context.flags.has('dry-run')) return printLine(context, `[DRY RUN] ${text}`)
  await putInto(context, shard, file)
  printLine(context, `${text}\n`)
}

/** Files go in one after the other: each is a new version of the shard. */
async function putMany(context: Context, shard: Shard, selection: FileSelection): Promise<void> {
  const { flags, terminal } = context
  const { files } = selection
  if (files.length === 0) {
    throw new CommandError('no files to archive (check source name and formatting, see examples)')
  }
  terminal.out(overview(context, files))
  const to = destinationText(shard.bck, shard.name)
  const plural = files.length === 1 ? '' : 's'
  const caption = `\nAPPEND ${files.length} file${plural}${directoryNote(context, selection)} => ${to}`
  if (flags.has('dry-run')) return printLine(context, `[DRY RUN] ${caption.trimStart()}`)
  if (!flags.has('yes') && !(await confirm(context, `${caption}?`))) return
  const failed: string[] = []
  for (const file of files) {
    try {
      await putInto(context, shard, file)
      if (flags.has('verbose')) printLine(context, `${file.path} -> ${file.objectName}`)
    } catch (error) {
      if (!flags.has('cont-on-err')) throw error
      failed.push(file.path)
    }
  }
  if (failed.length > 0) throw new CommandError(`failed to archive ${failed.join(', ')}`)
  printLine(context, flags.has('yes') ? caption : 'Done')
}

async function select(context: Context, sources: readonly string[]): Promise<FileSelection> {
  const { flags } = context
  const selection = emptySelection()
  const naming = {
    prefix: flags.text('archpath') ?? '',
    recursive: flags.has('recursive'),
    includeSourceDir: flags.has('include-src-dir'),
  }
  for (const source of sources) await addSource(selection, source, naming)
  return selection
}

/** What flags or the source itself say to be many. */
function sourcesOf({ flags }: Context, source: string | undefined): readonly string[] | undefined {
  const list = flags.text('list')
  if (list !== undefined) return list.split(',').map((one) => one.trim())
  const template = flags.text('template') ?? source
  if (template === undefined) throw missingArguments(usage)
  if (!/\{[^{}]*\.\.[^{}]*\}/.test(template)) return undefined
  return [...expandTemplate(parseTemplate(path.resolve(expandHome(template))))]
}

export const archivePut: Command = {
  path: 'archive put',
  summary: 'Put a file, a directory or matching files into a shard',
  usage,
  argsMax: 2,
  flags: [
    flag.switch('append', 'to the shard, which must be there'),
    flag.switch('append-or-put', 'to the shard, or to a new one'),
    flag.text('archpath', 'name in the shard; of many files: what their names begin with'),
    flag.switch('include-src-dir', 'keep the name of the source directory'),
    flag.switch('skip-vc', 'accepted'),
    sharedFlags.contOnErr,
    sharedFlags.dryRun,
    sharedFlags.list,
    sharedFlags.numWorkers,
    sharedFlags.recursive,
    sharedFlags.template,
    sharedFlags.units,
    sharedFlags.verbose,
    sharedFlags.yes,
  ],
  async run(context) {
    const { args, config, flags } = context
    const destination = args.at(-1)
    if (destination === undefined) throw missingArguments(usage)
    const source = args.length === 2 ? args[0] : undefined
    const { bck, name } = parseObject(destination, config.default_provider, false)
    const asked = modeOf(context)
    const many = sourcesOf(context, source)
    const full = source === undefined ? '' : path.resolve(expandHome(source))
    const info = many === undefined ? await stat(full).catch(() => undefined) : undefined
    if (info?.isFile() && source !== undefined) {
      const objectName = flags.text('archpath') ?? path.basename(full)
      const file = { path: source, objectName, sizeBytes: info.size }
      return putOne(context, { bck, name, mode: asked ?? 'append-or-create' }, file)
    }
    if (asked === undefined) {
      warn(
        context,
        `multi-file 'archive put' operation requires either '--append' or '--append-or-put' option\nAssuming '--append-or-put' - proceeding to execute...\n`,
      )
    }
    const selection = await select(context, many ?? [source ?? ''])
    await putMany(context, { bck, name, mode: asked ?? 'append-or-create' }, selection)
  },
}
