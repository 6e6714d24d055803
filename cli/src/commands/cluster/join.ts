import { flag } from '../../arguments/flag-spec.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

const roles = new Map([
  ['proxy', 'proxy'],
  ['p', 'proxy'],
  ['target', 'target'],
  ['t', 'target'],
] as const)

/** The role of `--role`, long or short. @throws CommandError */
function roleOf(text: string | undefined): 'proxy' | 'target' {
  for (const [name, role] of roles) if (name === text) return role
  throw new CommandError(
    'invalid aisnode role, must be one of: "proxy" (or "p"), "target" (or "t")',
  )
}

export const clusterJoin: Command = {
  path: 'cluster add-remove-nodes join',
  summary: 'Take a node in that runs and stands by',
  usage: 'IP:PORT',
  argsMax: 1,
  flags: [
    flag.text('role', 'proxy (p) or target (t); must be given'),
    flag.switch('non-electable', 'a gateway that may not lead'),
  ],
  async run(context) {
    const { args, client, endpoint, flags, signal } = context
    const [address] = args
    if (address === undefined) throw missingArguments('IP:PORT')
    const [host, port, extra] = address.split(':')
    if (!host || !port || extra !== undefined || !/^\d{1,5}$/.test(port)) {
      throw new CommandError("invalid address, expecting 'IPv4:PORT'")
    }
    const role = roleOf(flags.text('role'))
    const nonElectable = flags.has('non-electable')
    if (nonElectable && role === 'target') {
      throw new CommandError("option '--non-electable' does not apply - targets are non-electable")
    }
    const name = host === 'localhost' ? '127.0.0.1' : host
    const url = `${new URL(endpoint).protocol}//${name}:${port}`
    const { nodes } = client.cluster
    const { nodeId, rebalanceId } = await nodes.join(url, role, { nonElectable, signal })
    printLine(context, `${role[0]}[${nodeId}] successfully joined the cluster`)
    if (rebalanceId !== '') {
      printLine(
        context,
        `Started rebalance "${rebalanceId}" (to monitor, run 'ais show rebalance').`,
      )
    }
  },
}
