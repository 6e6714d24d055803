import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments, UsageError } from '../../arguments/usage-error.ts'
import { parseAccess } from '../../bucket-props/access.ts'
import type { Command } from '../../command.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'
import { table } from '../../output/table.ts'

export const s3UserCreate: Command = {
  path: 's3 user create',
  summary: 'Make a user of S3',
  usage: 'USER',
  argsMax: 1,
  flags: [
    flag.text('display-name', 'name that owners are shown with'),
    flag.text('email', 'address'),
    flag.text(
      'access',
      'of every bucket: ro, rw, su, a number or names of operations (none: makes buckets and owns them)',
    ),
    flag.switch('admin', 'may do everything'),
  ],
  async run(context) {
    const { args, flags, client } = context
    const [id] = args
    if (id === undefined) throw missingArguments('USER')
    const text = flags.text('access')
    const perm = text === undefined ? undefined : parseAccess(text)
    if (text !== undefined && perm === undefined) throw new UsageError(`--access: "${text}"?`)
    const admin = flags.has('admin')
    const permissions = admin
      ? { admin }
      : perm === undefined
        ? undefined
        : { clusters: [{ id: '', perm }] }
    const displayName = flags.text('display-name')
    await client.credentials.createUser({
      id,
      displayName,
      email: flags.text('email'),
      permissions,
    })
    printLine(context, `User "${id}" created`)
  },
}

export const s3UserLs: Command = {
  path: 's3 user ls',
  alsoAt: ['show s3 user'],
  summary: 'Show users of S3',
  usage: '',
  argsMax: 0,
  flags: [sharedFlags.json, sharedFlags.noHeaders],
  async run({ flags, client, terminal }) {
    const users = await client.credentials.users()
    if (flags.has('json')) return terminal.out(prettyJson(users))
    const rows = users.map((user) => [
      user.id,
      user.displayName,
      user.email,
      user.permissions.admin === true ? 'yes' : 'no',
      user.created,
    ])
    const titles = ['USER', 'DISPLAY NAME', 'EMAIL', 'ADMIN', 'CREATED']
    const columns = titles.map((title) => ({ title }))
    terminal.out(table(columns, rows, { headings: !flags.has('no-headers') }))
  },
}

export const s3UserRm: Command = {
  path: 's3 user rm',
  summary: 'Remove a user of S3 and all access keys of that user',
  usage: 'USER',
  argsMax: 1,
  flags: [],
  async run(context) {
    const [id] = context.args
    if (id === undefined) throw missingArguments('USER')
    await context.client.credentials.deleteUser(id)
    printLine(context, `User "${id}" removed`)
  },
}
