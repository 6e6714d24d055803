import { readFile } from 'node:fs/promises'
import type { BatchEntry } from '@aistore-ts/sdk/batch.ts'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { expandTemplate, parseTemplate } from '../../arguments/template.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { batchEntries } from './batch-spec.ts'
import { checkArchiveName, storeBatch } from './store-batch.ts'

const usage = '[BUCKET[/NAME_or_TEMPLATE]] DST_ARCHIVE [--spec JSON_or_FILE]'

/** What names, flags and the specification ask for. */
async function wanted(
  context: Context,
  bck: Bck | undefined,
  named: string,
): Promise<readonly BatchEntry[]> {
  const { client, flags, signal } = context
  const [list, template, spec] = ['list', 'template', 'spec'].map((one) => flags.text(one))
  if ([list, template, spec].filter((one) => one !== undefined).length > 1) {
    throw new UsageError('--list, --template and --spec are mutually exclusive')
  }
  if (spec?.trimStart().startsWith('{') === true) return batchEntries(spec, '--spec')
  if (spec !== undefined) return batchEntries(await readFile(spec, 'utf8'), spec)
  if (bck === undefined) throw missingArguments('BUCKET')
  if (list !== undefined) return list.split(',').map((name) => ({ name: name.trim() }))
  const text = template ?? named
  const prefix = flags.text('prefix')
  if (prefix !== undefined || text === '') {
    const entries: BatchEntry[] = []
    const listing = client.bucket(bck).list({ prefix: prefix ?? '', signal })
    for await (const { name } of listing) entries.push({ name })
    return entries
  }
  return [...expandTemplate(parseTemplate(text))].map((name) => ({ name }))
}

export const mlGetBatch: Command = {
  path: 'ml get-batch',
  summary: 'Get many objects, files in shards, and ranges of both as one archive',
  usage,
  argsMax: 2,
  flags: [
    flag.switch('omit-src-bck', 'names in the archive without those of the buckets'),
    flag.text('spec,f', 'the request as JSON, or a file with it in JSON or YAML'),
    flag.switch('streaming', 'accepted: it always streams'),
    sharedFlags.contOnErr,
    sharedFlags.list,
    sharedFlags.nonVerbose,
    sharedFlags.prefix,
    sharedFlags.template,
    sharedFlags.yes,
  ],
  async run(context) {
    const { args, config } = context
    const file = args.at(-1)
    if (file === undefined) throw missingArguments(usage)
    const [uri] = args.length === 2 ? args : []
    const source = uri === undefined ? undefined : parseObject(uri, config.default_provider, true)
    checkArchiveName(file)
    const entries = await wanted(context, source?.bck, source?.name ?? '')
    if (entries.length === 0) throw new CommandError('nothing to get: no such objects')
    await storeBatch(context, entries, file, source?.bck)
  },
}
