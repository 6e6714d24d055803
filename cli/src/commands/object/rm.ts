import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { listFlags } from '@aistore-ts/sdk/list-objects.ts'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { expandTemplate, parseTemplate } from '../../arguments/template.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { plural, withCommas } from '../../format/plural.ts'
import { messageOf } from '../../output/format-error.ts'
import { confirm, printLine } from '../../output/messages.ts'
import { runWorkers } from '../../transfer/run-workers.ts'

const usage = 'BUCKET[/OBJECT_NAME_or_TEMPLATE] [BUCKET[/OBJECT_NAME_or_TEMPLATE] ...]'

/** Deletions on their way at a time. */
const workersDefault = 16

export const objectRm: Command = {
  path: 'object rm',
  summary: 'Remove an object, listed or matching objects, or all objects of a bucket',
  usage,
  flags: [
    flag.duration('timeout', 'accepted; what is done here is waited for'),
    flag.switch('wait', 'wait until all is removed'),
    sharedFlags.all,
    sharedFlags.encodeObjname,
    sharedFlags.list,
    sharedFlags.nonRecursive,
    sharedFlags.nonVerbose,
    sharedFlags.numWorkers,
    sharedFlags.prefix,
    sharedFlags.progress,
    sharedFlags.refresh,
    sharedFlags.skipLookup,
    sharedFlags.template,
    sharedFlags.verbose,
    sharedFlags.yes,
  ],
  async run(context) {
    if (context.args.length === 0) throw missingArguments(usage)
    if (context.flags.has('verbose') && context.flags.has('non-verbose')) {
      throw new UsageError('flags --verbose and --non-verbose are mutually exclusive')
    }
    for (const uri of context.args) await removeBy(context, uri)
  },
}

/** What one argument and the flags select, in the words of the result line. */
type Selected =
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'names'; readonly names: readonly string[]; readonly shown: string }
  | { readonly kind: 'prefix'; readonly prefix: string; readonly shown: string }

async function removeBy(context: Context, uri: string): Promise<void> {
  const { client, config, flags, signal } = context
  const { bck, name } = parseObject(uri, config.default_provider, true)
  if (!flags.has('skip-lookup')) await client.bucket(bck).head({ signal })
  const selected = await select(context, bck, name)
  if (selected === undefined) return removeAll(context, bck)
  if (selected.kind === 'one') return removeOne(context, bck, selected.name)
  const job = await startJob(context, bck, selected)
  if (job) return
  const names =
    selected.kind === 'names' ? selected.names : await namesWith(context, bck, selected.prefix)
  await removeNames(context, bck, names)
}

async function select(context: Context, bck: Bck, name: string): Promise<Selected | undefined> {
  const { flags } = context
  const list = flags.text('list')
  const template = flags.text('template') ?? flags.text('prefix')
  if (list !== undefined && template !== undefined) {
    throw new UsageError('flags --list and --template are mutually exclusive')
  }
  if (name !== '' && (list !== undefined || template !== undefined)) {
    throw new CommandError(
      `object name or prefix (${name}) cannot be used together with flags --list and --template (tip: use one or the other)`,
    )
  }
  if (list !== undefined) return namesOf(list.split(',').map((item) => item.trim()))
  if (template !== undefined) return byTemplate(template)
  if (name === '') {
    if (flags.has('all')) return undefined
    throw new UsageError(
      `to select objects to remove use one of: '--list', '--template', '--prefix' or '--all'`,
    )
  }
  if (/\{[^{}]*\.\.[^{}]*\}/.test(name)) return byTemplate(name)
  return objectOrPrefix(context, bck, name)
}

/** A name may be an object, the beginning of others, or both; then the user has to say which. */
async function objectOrPrefix(context: Context, bck: Bck, name: string): Promise<Selected> {
  if (context.flags.has('non-recursive') && !name.endsWith('/')) return { kind: 'one', name }
  const bits = listFlags.nameOnly | listFlags.noRecursion
  const request = { prefix: name, props: ['name'], pageSize: 32, flags: bits }
  const names: string[] = []
  for await (const page of context.client.bucket(bck).listPages(request)) {
    names.push(...page.entries.map((entry) => entry.name))
    break
  }
  const isObject = names.length === 0 || names.includes(name)
  const isPrefix = names.length > 1 || !isObject
  if (isObject && isPrefix) {
    throw new CommandError(
      `part of the URI "${name}" can be interpreted as an object name and/or multi-object matching prefix\n(Tip:  to disambiguate, use either '--nr' or '--prefix')`,
    )
  }
  return isObject ? { kind: 'one', name } : byTemplate(name)
}

function namesOf(names: readonly string[]): Selected {
  return { kind: 'names', names, shown: `[${names.join(' ')}] rm from` }
}

function byTemplate(text: string): Selected {
  const template = parseTemplate(text)
  const shown = `rm "${text}" from`
  if (template.ranges.length === 0) return { kind: 'prefix', prefix: template.prefix, shown }
  return { kind: 'names', names: [...expandTemplate(template)], shown }
}

async function removeOne(context: Context, bck: Bck, name: string): Promise<void> {
  try {
    await context.client.bucket(bck).object(name).delete(context.signal)
  } catch (error) {
    if (!isStatus(error, 404)) throw error
    throw new CommandError(`"${bckCname(bck)}/${name}" does not exist`)
  }
  if (!context.flags.has('non-verbose')) {
    printLine(context, `deleted "${name}" from ${bckCname(bck)}`)
  }
}

/** Hands the work to the cluster; `false` when it has no such job, and the work is done from here. */
async function startJob(
  context: Context,
  bck: Bck,
  selected: Exclude<Selected, { kind: 'one' }>,
): Promise<boolean> {
  const { client, flags, signal } = context
  if (flags.has('wait') || flags.has('progress') || flags.has('non-recursive')) return false
  const selection =
    selected.kind === 'names' ? { objnames: selected.names } : { template: selected.prefix }
  let id: string
  try {
    id = await client.bucket(bck).deleteMany(selection, signal)
  } catch (error) {
    if (isStatus(error, 501) || isStatus(error, 400) || isStatus(error, 405)) return false
    throw error
  }
  if (flags.has('non-verbose')) printLine(context, id)
  else {
    printLine(
      context,
      `delete-objects[${id}]: ${selected.shown} ${bckCname(bck)}. To monitor the progress, run 'ais show job ${id}'`,
    )
  }
  return true
}

async function removeAll(context: Context, bck: Bck): Promise<void> {
  const names = await namesWith(context, bck, '')
  if (names.length === 0) {
    printLine(context, `${bckCname(bck)} is empty, nothing to do.`)
    return
  }
  const question = `Proceed to delete all ${withCommas(names.length)} object${plural(names.length)} from ${bckCname(bck)}?`
  if (!context.flags.has('yes') && !(await confirm(context, question))) return
  await removeNames(context, bck, names)
}

async function namesWith(context: Context, bck: Bck, prefix: string): Promise<readonly string[]> {
  const recursion = context.flags.has('non-recursive')
    ? listFlags.noRecursion | listFlags.noDirs
    : 0
  const flags = listFlags.nameOnly | recursion
  const names: string[] = []
  const request = { prefix, props: ['name'], flags, signal: context.signal }
  for await (const entry of context.client.bucket(bck).list(request)) names.push(entry.name)
  return names
}

async function removeNames(context: Context, bck: Bck, names: readonly string[]): Promise<void> {
  const { client, flags, signal } = context
  const bucket = client.bucket(bck)
  let deleted = 0
  let firstError: unknown
  await runWorkers(names, flags.integer('num-workers') ?? workersDefault, async (name) => {
    try {
      await bucket.object(name).delete(signal)
      deleted++
      if (flags.has('verbose')) printLine(context, `deleted ${bckCname(bck)}/${name}`)
    } catch (error) {
      signal.throwIfAborted()
      // What is gone already needs no deleting.
      if (!isStatus(error, 404)) firstError ??= error
    }
  })
  if (firstError !== undefined) {
    const left = names.length - deleted
    throw new CommandError(
      `failed to delete ${left} object${plural(left)} from ${bckCname(bck)} (${deleted} deleted): ${messageOf(firstError)}`,
    )
  }
  if (!flags.has('non-verbose')) {
    printLine(
      context,
      `Deleted ${withCommas(deleted)} object${plural(deleted)} from ${bckCname(bck)}\n`,
    )
  }
}
