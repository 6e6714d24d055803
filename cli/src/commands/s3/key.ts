import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'
import { propertyTable, table } from '../../output/table.ts'

function keyNamed({ args: [key] }: Context): string {
  if (key === undefined) throw missingArguments('ACCESS_KEY')
  return key
}

export const s3KeyCreate: Command = {
  path: 's3 key create',
  summary: 'Make an access key of S3 and print it with its secret, this once',
  usage: 'USER',
  argsMax: 1,
  flags: [
    flag.text('access-key', 'a key of your own, with --secret-key'),
    flag.text('secret-key', 'its secret'),
    flag.text('expires', 'when it stops being good, e.g. 2027-01-31T00:00:00Z'),
    sharedFlags.json,
  ],
  async run({ args, flags, client, terminal }) {
    const [user] = args
    if (user === undefined) throw missingArguments('USER')
    const accessKey = flags.text('access-key')
    const secretKey = flags.text('secret-key')
    if ((accessKey === undefined) !== (secretKey === undefined)) {
      throw new UsageError('--access-key and --secret-key go together')
    }
    const pair = accessKey && secretKey ? { accessKey, secretKey } : undefined
    const key = await client.credentials.createKey(user, { pair, expires: flags.text('expires') })
    if (flags.has('json')) return terminal.out(prettyJson(key))
    terminal.out(
      propertyTable([
        ['access key', key.accessKey],
        ['secret key', key.secretKey],
        ['user', key.user],
        ['expires', key.expires === '' ? 'never' : key.expires],
      ]),
    )
  },
}

export const s3KeyLs: Command = {
  path: 's3 key ls',
  alsoAt: ['show s3 key'],
  summary: 'Show access keys of S3, without their secrets',
  usage: '[USER]',
  argsMax: 1,
  flags: [sharedFlags.json, sharedFlags.noHeaders],
  async run({ args, flags, client, terminal }) {
    const keys = await client.credentials.keys(args[0])
    if (flags.has('json')) return terminal.out(prettyJson(keys))
    const rows = keys.map((key) => [
      key.accessKey,
      key.user,
      key.disabled ? 'disabled' : 'enabled',
      key.created,
      key.expires === '' ? 'never' : key.expires,
    ])
    const titles = ['ACCESS KEY', 'USER', 'STATE', 'CREATED', 'EXPIRES']
    const columns = titles.map((title) => ({ title }))
    terminal.out(table(columns, rows, { headings: !flags.has('no-headers') }))
  },
}

function keyState(word: 'disable' | 'enable', summary: string): Command {
  return {
    path: `s3 key ${word}`,
    summary,
    usage: 'ACCESS_KEY',
    argsMax: 1,
    flags: [],
    async run(context) {
      const key = keyNamed(context)
      await context.client.credentials.setKeyDisabled(key, word === 'disable')
      printLine(context, `Access key "${key}" ${word}d`)
    },
  }
}

export const s3KeyDisable = keyState('disable', 'Disable an access key of S3')
export const s3KeyEnable = keyState('enable', 'Enable an access key of S3 again')

export const s3KeyRm: Command = {
  path: 's3 key rm',
  summary: 'Remove an access key of S3',
  usage: 'ACCESS_KEY',
  argsMax: 1,
  flags: [],
  async run(context) {
    const key = keyNamed(context)
    await context.client.credentials.deleteKey(key)
    printLine(context, `Access key "${key}" removed`)
  },
}
