import { AisClientError, isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { listFlags } from '@aistore-ts/sdk/list-objects.ts'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseBucket } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { messageOf } from '../../output/format-error.ts'
import { confirm, confirmByWord, printLine, warn } from '../../output/messages.ts'

export const bucketRm: Command = {
  path: 'bucket rm',
  summary: 'Destroy ais:// buckets with everything in them',
  usage: 'BUCKET [BUCKET...] | --all',
  flags: [
    flag.switch('all', 'every ais:// bucket there is'),
    flag.switch('ignore-error', 'a bucket that does not exist is no error'),
    sharedFlags.yes,
  ],
  async run(context) {
    const { args, flags, config } = context
    if (flags.has('all')) {
      if (args.length > 0) throw new UsageError('cannot specify bucket name(s) with --all flag')
      return destroyAll(context)
    }
    if (args.length === 0) throw missingArguments('bucket')
    for (const bck of args.map((arg) => parseBucket(arg, config.default_provider))) {
      if (await isWanted(context, bck)) await destroy(context, bck)
    }
  },
}

/** Asks about a bucket that is not empty; a failing look inside leaves the answer to the cluster. */
async function isWanted(context: Context, bck: Bck): Promise<boolean> {
  if (context.flags.has('yes')) return true
  const flags = listFlags.cached | listFlags.nameOnly
  let empty = true
  try {
    const pages = context.client.bucket(bck).listPages({ props: ['name'], pageSize: 1, flags })
    for await (const page of pages) {
      empty = page.entries.length === 0
      break
    }
  } catch (error) {
    if (!(error instanceof AisClientError)) throw error
  }
  return empty || confirm(context, `Proceed to destroy ${bckCname(bck)}?`)
}

async function destroy(context: Context, bck: Bck): Promise<void> {
  try {
    await context.client.bucket(bck).delete(context.signal)
    printLine(context, `"${bckCname(bck)}" destroyed`)
  } catch (error) {
    if (isStatus(error, 404)) {
      const text = `bucket "${bckCname(bck)}" does not exist`
      if (!context.flags.has('ignore-error')) throw new CommandError(text)
      context.terminal.err(`${text}\n`)
      return
    }
    if (error instanceof AisClientError && error.tcode === 'ErrUnsupp') {
      throw new CommandError(
        `${messageOf(error)}\n(Tip: did you want to evict '${bckCname(bck)}' from aistore?)`,
      )
    }
    throw error
  }
}

async function destroyAll(context: Context): Promise<void> {
  const buckets = await context.client.listBuckets({ provider: 'ais', signal: context.signal })
  if (buckets.length === 0) return printLine(context, 'No AIS buckets to remove')
  if (context.flags.has('yes')) {
    warn(context, 'The --yes flag is ignored when removing all buckets for safety reasons')
  }
  printLine(context, `Found ${buckets.length} AIS bucket(s) to remove:`)
  for (const bck of buckets) printLine(context, `  - ${bckCname(bck)}`)
  warn(context, 'all listed buckets and their data will be deleted; this cannot be undone')
  if (!(await confirmByWord(context, 'DELETE'))) return
  for (const bck of buckets) await destroy(context, bck)
}
