import { sharedFlags } from '../../arguments/shared-flags.ts'
import { type NodeStatus, readStatuses } from '../../cluster/node-status.ts'
import { findNode, isActive, readSmap } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { prettyJson } from '../../output/json.ts'
import { tabwriter } from '../../output/tabwriter.ts'

export const mountpathShow: Command = {
  path: 'storage mountpath show',
  alsoAt: ['storage mountpath', 'show storage mountpath', 'storage show mountpath'],
  summary: 'Show the mountpaths of targets',
  usage: '[TARGET_ID]',
  argsMax: 1,
  flags: [sharedFlags.count, sharedFlags.json, sharedFlags.refresh],
  async run(context) {
    const { flags, terminal } = context
    const statuses = await targetStatuses(context)
    const lists = await Promise.all(
      statuses.map((s) => context.client.cluster.node(s.node.id, 'mountpaths', context.signal)),
    )
    if (flags.has('json')) {
      return terminal.out(
        prettyJson(Object.fromEntries(statuses.map((s, i) => [s.node.id, lists[i]]))),
      )
    }
    const text = statuses.map((s, i) => describe(s, lists[i] ?? {})).join('')
    terminal.out(tabwriter(text))
  },
}

/** Targets in service, or the one that was named. */
export async function targetStatuses(context: Context): Promise<readonly NodeStatus[]> {
  const smap = readSmap(await context.client.cluster.smap(undefined, context.signal))
  const [nodeArg] = context.args
  const nodes = nodeArg === undefined ? smap.targets.filter(isActive) : [findNode(smap, nodeArg)]
  return readStatuses(context, nodes)
}

function describe(s: NodeStatus, lists: Readonly<Record<string, unknown>>): string {
  const { min, avg, max } = s.capacityPercent
  const percent = (n: number) => `${String(n).padStart(2)}%`
  const lines = [
    s.node.id,
    `\tUsed: min=${percent(min)}, avg=${percent(avg)}, max=${percent(max)}\t `,
    ...s.mountpaths.map((m) => `\t\t${m.path} ${m.fs}(${m.fsType})`),
  ]
  if (s.mountpaths.length === 0) lines.push('\tNo mountpaths')
  const more = [
    ['disabled', 'Disabled:'],
    ['waiting_dd', 'Transitioning to disabled or detached pending resilver:'],
  ] as const
  for (const [key, title] of more) {
    const list = lists[key]
    if (!Array.isArray(list) || list.length === 0) continue
    lines.push(`\t${title}`, ...list.map((path) => `\t\t${String(path)}`))
  }
  return lines.map((line) => `${line}\n`).join('')
}
