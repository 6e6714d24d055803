import path from 'node:path'
import { bckCname } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments, UsageError } from '../../arguments/usage-error.ts'
import { plainNodeId } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

const usage = 'FILE|DIRECTORY BUCKET[/OBJECT_NAME_or_PREFIX]'

export const objectPromote: Command = {
  path: 'object promote',
  summary: 'Make objects of files that targets see below /var/lib/ais/promote',
  usage,
  argsMax: 2,
  flags: [
    flag.switch('delete-src', 'remove the files, also those whose objects were there already'),
    flag.switch('not-file-share', 'the folder is no share that all targets see'),
    flag.switch('overwrite-dst,o', 'also where there is such an object'),
    flag.text('target-id', 'the one target that looks'),
    sharedFlags.recursive,
    sharedFlags.skipLookup,
    sharedFlags.verbose,
    sharedFlags.yes,
  ],
  async run(context) {
    const { args, client, config, flags, signal } = context
    const [source, destination] = args
    if (source === undefined || destination === undefined) throw missingArguments(usage)
    if (!path.isAbsolute(source)) {
      throw new UsageError('promoted source (file or directory) must have an absolute path')
    }
    const { bck, name } = parseObject(destination, config.default_provider, true)
    const target = flags.text('target-id')
    const options = {
      objectName: name,
      recursive: flags.has('recursive'),
      overwrite: flags.has('overwrite-dst'),
      deleteSource: flags.has('delete-src'),
      notFileShare: flags.has('not-file-share'),
      targetId: target === undefined ? undefined : plainNodeId(target),
    }
    const id = await client.bucket(bck).promote(source, options, signal)
    const verb = flags.has('recursive') ? 'recursively promoted' : 'promoted'
    const job = id === '' ? '' : `, xaction ID ${JSON.stringify(id)}`
    printLine(context, `${verb} ${JSON.stringify(source)} => ${bckCname(bck)}${job}\n`)
  },
}
