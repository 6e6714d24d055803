import { parseObject } from '../../arguments/bucket-argument.ts'
import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { getOne } from '../../transfer/get-one.ts'
import { bucketLs } from '../bucket/ls.ts'
import { objectGet } from '../object/get.ts'

/** A name that leads into a shard: up to the extension of an archive, and what is behind it. */
const intoShard = /^(.+?\.(?:tar\.gz|tar\.lz4|tar|tgz|zip))\/(.+)$/

/** `archive get BUCKET/SHARD/FILE` means the file in the shard. */
function findInside({ flags }: Context, name: string): RegExpExecArray | undefined {
  const chosen = ['archpath', 'archregx', 'prefix', 'template'].some((one) => flags.has(one))
  return chosen ? undefined : (intoShard.exec(name) ?? undefined)
}

export const archiveGet: Command = {
  ...objectGet,
  path: 'archive get',
  summary: 'Get a shard, a file in it, or all files in it that match',
  usage: 'BUCKET[/SHARD_NAME[/FILE]] [OUT_FILE|OUT_DIR|-]',
  async run(context) {
    const { args, config } = context
    const [uri, out = ''] = args
    if (uri === undefined) throw missingArguments(archiveGet.usage)
    const { bck, name } = parseObject(uri, config.default_provider, true)
    const [, shard, path] = findInside(context, name) ?? []
    if (shard === undefined || path === undefined) return objectGet.run(context)
    return getOne(context, bck, shard, out, { quiet: false, archivePath: path })
  },
}

export const archiveLs: Command = {
  ...bucketLs,
  path: 'archive ls',
  alsoAt: [],
  summary: 'List shards, and the files in them below',
  usage: 'BUCKET[/SHARD_NAME]',
  run: (context) => bucketLs.run({ ...context, flags: context.flags.with('archive') }),
}
