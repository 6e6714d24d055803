import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments } from '../../arguments/usage-error.ts'
import { findNode, readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { parseSeverity, severityFlag } from './severity.ts'

export const logShow: Command = {
  path: 'log show',
  alsoAt: ['show log'],
  summary: 'Print the current log of a node',
  usage: 'NODE_ID',
  argsMax: 1,
  flags: [
    severityFlag,
    flag.duration('log-flush', 'accepted'),
    sharedFlags.count,
    sharedFlags.refresh,
  ],
  async run(context) {
    const { args, client, flags, terminal, signal } = context
    const [nodeArg] = args
    if (nodeArg === undefined) throw missingArguments('NODE_ID')
    const smap = readSmap(await client.cluster.smap(undefined, signal))
    const node = findNode(smap, nodeArg)
    const severity = parseSeverity(flags.text('severity'))
    terminal.out(await client.cluster.nodeLog(node.id, { severity, signal }))
  },
}
