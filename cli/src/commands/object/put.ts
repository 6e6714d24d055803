import { stat } from 'node:fs/promises'
import path from 'node:path'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { expandTemplate, parseTemplate } from '../../arguments/template.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { confirm, printLine, warn } from '../../output/messages.ts'
import { addSource, emptySelection, expandHome } from '../../transfer/local-files.ts'
import { putFile } from '../../transfer/put-file.ts'
import { putMany } from '../../transfer/put-many.ts'
import { putStdin } from '../../transfer/put-stdin.ts'
import { concatenate } from './concat.ts'
import { putFlags } from './put-flags.ts'

const usage = '[-|FILE|DIRECTORY[/PATTERN]] BUCKET[/OBJECT_NAME_or_PREFIX]'

export const objectPut: Command = {
  path: 'object put',
  summary: 'Put a file, a directory, matching files, or standard input into a bucket',
  usage,
  flags: putFlags,
  async run(context) {
    const { args, flags } = context
    if (flags.has('append')) return concatenate(context)
    if (args.length === 0) throw missingArguments(usage)
    if (flags.has('list') && flags.has('template')) {
      throw new CommandError('flags --list and --template are mutually exclusive')
    }
    if (flags.has('dry-run')) {
      printLine(context, '[DRY RUN] with no modifications to the cluster')
    }
    if (args.length === 1) return putSelected(context, args[0] ?? '')
    if (args.length > 2) {
      const hint = 'wildcards must be in single or double quotes'
      throw new UsageError(`too many arguments ${JSON.stringify(args.slice(2))} (hint: ${hint})`)
    }
    return putSource(context, args[0] ?? '', args[1] ?? '')
  },
}

/** `put BUCKET --list ...` and `put BUCKET --template ...` */
async function putSelected(context: Context, destination: string): Promise<void> {
  const { flags, config } = context
  const { bck, name } = parseObject(destination, config.default_provider, true)
  const list = flags.text('list')
  const template = flags.text('template')
  if (list !== undefined) return putList(context, bck, name, list)
  if (template === undefined) throw new CommandError(`missing source arg in "${usage}"`)
  if (template === '') throw new CommandError('template to select source files cannot be empty')
  return putTemplate(context, bck, name, template)
}

async function putSource(context: Context, source: string, destination: string): Promise<void> {
  const { flags, config } = context
  const { bck, name } = parseObject(destination, config.default_provider, true)
  for (const selector of ['list', 'template']) {
    if (flags.has(selector)) {
      throw new CommandError(`source ("${source}") and flag (--${selector}) are mutually exclusive`)
    }
  }
  if (source === '-') {
    if (name === '') {
      throw new CommandError(
        `missing destination object name (in ${usage}) - required when writing directly from standard input`,
      )
    }
    return putStdin(context, bck, name)
  }
  if (/\{[^{}]*\.\.[^{}]*\}/.test(source)) return putTemplate(context, bck, name, source)
  const full = path.resolve(expandHome(source))
  const info = await stat(full).catch(() => undefined)
  if (info === undefined) return putList(context, bck, name, source)
  if (!info.isDirectory()) {
    const objectName = name === '' || name.endsWith('/') ? name + path.basename(full) : name
    return putFile(context, bck, objectName, full, info.size)
  }
  if (!(await prefixIsMeant(context, name, `from '${source.replace(/\/*$/, '/')}'`))) return
  const selection = emptySelection()
  await addSource(selection, source, naming(context, name))
  return putMany(context, bck, name, selection)
}

async function putList(
  context: Context,
  bck: Parameters<typeof putMany>[1],
  prefix: string,
  list: string,
): Promise<void> {
  const sources = list.split(',').map((source) => source.trim())
  const [first = ''] = sources
  if (sources.length > 1 && !(await prefixIsMeant(context, prefix, `from [${first} ...]`))) return
  const selection = emptySelection()
  for (const source of sources) await addSource(selection, source, naming(context, prefix))
  return putMany(context, bck, prefix, selection)
}

async function putTemplate(
  context: Context,
  bck: Parameters<typeof putMany>[1],
  prefix: string,
  text: string,
): Promise<void> {
  if (!(await prefixIsMeant(context, prefix, `matching '${text}'`))) return
  const template = parseTemplate(path.resolve(expandHome(text)))
  const folder = template.prefix.slice(0, template.prefix.lastIndexOf('/') + 1)
  const selection = emptySelection()
  for (const source of expandTemplate(template)) {
    await addSource(selection, source, { ...naming(context, prefix), trim: folder })
  }
  return putMany(context, bck, prefix, selection)
}

function naming({ flags }: Context, prefix: string) {
  return {
    prefix,
    recursive: flags.has('recursive'),
    includeSourceDir: flags.has('include-src-dir'),
  }
}

/** A prefix that does not end in `/` is often a mistake: names will run together. */
async function prefixIsMeant(context: Context, prefix: string, from: string): Promise<boolean> {
  if (prefix === '' || prefix.endsWith('/')) return true
  warn(context, `'${prefix}' will be used as the destination name prefix for all files ${from}`)
  const { flags } = context
  return flags.has('yes') || flags.has('dry-run') || confirm(context, 'Proceed anyway?')
}
