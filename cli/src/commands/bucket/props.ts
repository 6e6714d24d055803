import type { Fields } from '@aistore-ts/sdk/decode.ts'
import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseBucket } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { parseKeyValues } from '../../arguments/key-values.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import { compactRows } from '../../bucket-props/compact-rows.ts'
import { propRows } from '../../bucket-props/prop-rows.ts'
import { bucketPropsOf, isSettable } from '../../bucket-props/settable-props.ts'
import type { Command, Context } from '../../command.ts'
import { messageOf } from '../../output/format-error.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'
import { propertyTable } from '../../output/table.ts'

export const bucketPropsShow: Command = {
  path: 'bucket props show',
  alsoAt: ['bucket show', 'show bucket', 'bucket props'],
  summary: 'Show the properties of a bucket',
  usage: 'BUCKET [PROP_PREFIX]',
  argsMax: 2,
  flags: [
    flag.switch('compact,c', 'one line a section'),
    flag.switch('add', 'add a remote bucket to the cluster'),
    sharedFlags.json,
    sharedFlags.noHeaders,
  ],
  async run(context) {
    const [uri, prefix = ''] = context.args
    if (uri === undefined) throw missingArguments('bucket')
    const bck = parseBucket(uri, context.config.default_provider)
    const dontAdd = !context.flags.has('add')
    const props = await context.client.bucket(bck).head({ dontAdd, signal: context.signal })
    show(context, props, prefix)
  },
}

export const bucketPropsSet: Command = {
  path: 'bucket props set',
  summary: 'Change properties of a bucket',
  usage: 'BUCKET JSON_SPECIFICATION | KEY=VALUE [KEY=VALUE...]',
  flags: [sharedFlags.force],
  async run(context) {
    const [uri, ...pairs] = context.args
    if (uri === undefined) throw missingArguments('bucket')
    const bck = parseBucket(uri, context.config.default_provider)
    const bucket = context.client.bucket(bck)
    const before = await bucket.head({ signal: context.signal })
    const [section = ''] = pairs
    // A section without values is a question.
    const asks = pairs.length === 0 || (pairs.length === 1 && isSection(section))
    if (asks) return show(context, before, section)
    let wanted: Fields
    try {
      if (pairs.length === 1 && !section.includes('=') && !section.trimStart().startsWith('{')) {
        throw new CommandError(`invalid property ${JSON.stringify(section)}`)
      }
      wanted = bucketPropsOf(parseKeyValues(pairs))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      throw new CommandError(error.message, examples)
    }
    if (isIncluded(wanted, before)) {
      return printLine(
        context,
        `Bucket "${bucket.cname}" already has the same values of props, nothing to do`,
      )
    }
    try {
      const force = context.flags.has('force') ? { force: true } : {}
      await bucket.setProps({ ...wanted, ...force }, context.signal)
    } catch (error) {
      if (isStatus(error, 404)) throw error
      throw new CommandError(
        `${messageOf(error)}.`,
        `To show bucket properties, run 'ais show bucket ${bckCname(bck)}'.\n`,
      )
    }
    printChanges(context, before, await bucket.head({ signal: context.signal }))
    printLine(context, '\nBucket props successfully updated.')
  },
}

export const bucketPropsReset: Command = {
  path: 'bucket props reset',
  summary: 'Set all properties of a bucket back to the cluster\u2019s',
  usage: 'BUCKET',
  argsMax: 1,
  flags: [],
  async run(context) {
    const [uri] = context.args
    if (uri === undefined) throw missingArguments('bucket')
    const bck = parseBucket(uri, context.config.default_provider)
    await context.client.bucket(bck).resetProps(context.signal)
    printLine(context, 'Bucket props successfully reset to cluster defaults')
  },
}

const examples = [
  'Usage examples:',
  '- ais bucket props set BUCKET checksum.type=xxhash',
  '- ais bucket props set BUCKET checksum.type=md5 checksum.validate_warm_get=true',
  '- ais bucket props BUCKET checksum\t\t# to show',
  '- ais bucket props set BUCKET backend_bck=s3://abc',
  '- ais bucket props set BUCKET backend_bck=none\t# to reset',
  '  (see docs/cli for details)',
].join('\n')

function isSection(text: string): boolean {
  return !text.includes('=') && !text.startsWith('{') && isSettable(text)
}

function show(context: Context, props: Fields, prefix: string): void {
  const { flags, terminal } = context
  if (flags.has('json')) {
    terminal.out(prettyJson(props))
    return
  }
  const rows = flags.has('compact') ? compactRows(props) : propRows(props)
  const shown = rows.filter(([name]) => name.startsWith(prefix))
  terminal.out(propertyTable(shown, !flags.has('no-headers')))
}

/** Has `now` every value of `wanted` already? Numbers may be written as text. */
function isIncluded(wanted: unknown, now: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return String(wanted) === String(now ?? '')
  if (typeof now !== 'object' || now === null) return false
  const have = new Map<string, unknown>(Object.entries(now))
  return Object.entries(wanted).every(([key, value]) => isIncluded(value, have.get(key)))
}

function printChanges(context: Context, before: Fields, after: Fields): void {
  const old = new Map(propRows(before))
  for (const [name, value] of propRows(after)) {
    const was = old.get(name)
    if (was === value) continue
    const tail = was === undefined ? 'n/a' : JSON.stringify(was)
    printLine(context, `"${name}" set to: ${JSON.stringify(value)} (was: ${tail})`)
  }
}
