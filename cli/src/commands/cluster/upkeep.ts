import { flag } from '../../arguments/flag-spec.ts'
import { findNode, nodeName, readSmap } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

/** The node that the first argument names; `undefined`: all of them. */
async function namedNode({ args, client, signal }: Context) {
  const [word] = args
  if (word === undefined) return undefined
  return findNode(readSmap(await client.cluster.smap(undefined, signal)), word)
}

const resetStats: Command = {
  path: 'cluster reset-stats',
  summary: 'Set the metrics of all nodes, or of one, back to zero',
  usage: '[NODE_ID]',
  argsMax: 1,
  flags: [flag.switch('errors-only', 'only the metrics of errors')],
  async run(context) {
    const node = await namedNode(context)
    const value = context.flags.has('errors-only')
    const options = node === undefined ? { value } : { value, nodeId: node.id }
    await context.client.cluster.nodes.upkeep('reset-stats', options, context.signal)
    const whose = node === undefined ? 'Cluster' : nodeName(node)
    const what = value ? 'error metrics' : 'stats'
    printLine(context, `${whose} ${what} successfully reset`)
  },
}

const dropLcache: Command = {
  path: 'cluster drop-lcache',
  summary: 'Drop what targets keep in memory of the metadata of objects',
  usage: '[TARGET_ID]',
  argsMax: 1,
  flags: [],
  async run(context) {
    const node = await namedNode(context)
    const options = node === undefined ? {} : { nodeId: node.id }
    await context.client.cluster.nodes.upkeep('clear-lcache', options, context.signal)
    const where = node === undefined ? 'caches cluster-wide' : `cache: ${nodeName(node)}`
    printLine(context, `Dropped in-memory object metadata ${where}`)
  },
}

const reloadBackendCreds: Command = {
  path: 'cluster reload-backend-creds',
  summary: 'Have the targets read the credentials of backends anew',
  usage: '[PROVIDER]',
  argsMax: 1,
  flags: [],
  async run({ args, client, signal }) {
    await client.cluster.nodes.upkeep('reload-creds', { name: args[0] ?? '' }, signal)
  },
}

const rotateLogs: Command = {
  path: 'advanced rotate-logs',
  summary: 'Begin new logs at all nodes, or at one',
  usage: '[NODE_ID]',
  argsMax: 1,
  flags: [],
  async run(context) {
    const node = await namedNode(context)
    const options = node === undefined ? {} : { nodeId: node.id }
    await context.client.cluster.nodes.upkeep('rotate-logs', options, context.signal)
    const whose = node === undefined ? 'cluster: rotated all' : `${nodeName(node)}: rotated`
    printLine(context, `${whose} logs`)
  },
}

/** What is done to nodes while they serve. */
export const upkeepCommands: readonly Command[] = [
  resetStats,
  dropLcache,
  reloadBackendCreds,
  rotateLogs,
]
