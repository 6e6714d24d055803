import { bckCname, findProvider } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import type { Command, Context } from '../../command.ts'
import { formatSize } from '../../format/size.ts'
import { printLine } from '../../output/messages.ts'
import { table } from '../../output/table.ts'

export const bucketSummary: Command = {
  path: 'bucket summary',
  alsoAt: ['storage summary', 'show storage summary'],
  summary: 'Count objects and sizes of buckets',
  usage: '[BUCKET[/PREFIX]] [PROVIDER]',
  argsMax: 2,
  flags: [
    flag.switch('cached', 'count what is in the cluster only'),
    flag.switch('dont-wait', 'accepted; the result is waited for'),
    sharedFlags.count,
    sharedFlags.noHeaders,
    sharedFlags.prefix,
    sharedFlags.refresh,
    sharedFlags.units,
    sharedFlags.verbose,
  ],
  async run(context) {
    const { client, flags, terminal } = context
    const summaries = await client.summary(requestOf(context))
    if (summaries.length === 0) return printLine(context, 'No buckets in the cluster.')
    const units = flags.units()
    const size = (bytes: number) => formatSize(bytes, units)
    const rows = summaries.map((s) => [
      bckCname(s.bck),
      `${s.objectsPresent} ${s.objectsRemote}`,
      [s.sizeMinBytes, s.sizeAvgBytes, s.sizeMaxBytes]
        .map((bytes) => size(bytes).padEnd(10))
        .join(' '),
      `${size(s.presentBytes)} ${size(s.remoteBytes)}`,
      `${s.usedPercent}%`,
    ])
    const columns = [
      'NAME',
      'OBJECTS (cached, remote)',
      'OBJECT SIZES (min, avg, max)',
      'TOTAL OBJECT SIZE (cached, remote)',
      'USAGE(%)',
    ].map((title) => ({ title }))
    terminal.out(table(columns, rows, { headings: !flags.has('no-headers') }))
  },
}

function requestOf({ args, flags, config, signal }: Context) {
  const [uri] = args
  const cached = flags.has('cached') || undefined
  if (uri === undefined) return { cached, signal }
  const provider = findProvider(uri.replace(/:(\/\/)?$/, ''))
  if (uri !== '' && provider !== undefined) return { provider, cached, signal }
  const { bck, name } = parseObject(uri, config.default_provider, true)
  return { bck, prefix: flags.text('prefix') ?? name, cached, signal }
}
