import type { Command } from './command.ts'
import { tabwriter } from './output/tabwriter.ts'
import { version } from './version.ts'

/** What groups of commands are for, by path. */
const groups: Readonly<Record<string, string>> = {
  bucket: 'Create, destroy, list and configure buckets',
  'bucket props': 'Show and change bucket properties',
  object: 'Put, get, list, copy, rename and remove objects',
  'object multipart-upload': 'Upload an object in parts: create, put-part, complete, abort',
  cluster: 'Show the cluster, take nodes in and out, move the lead and the objects',
  'cluster add-remove-nodes': 'Take nodes in, out of service, and out for good',
  'cluster rebalance': 'Start, stop and show a rebalance',
  job: 'Start and stop jobs',
  'job start': 'Start a job',
  'job stop': 'Stop a job',
  config: 'Show and change the configuration of the cluster and of this tool',
  'config cli': 'Show and change the configuration of this tool',
  show: 'Show buckets, objects, nodes, storage, configuration',
  'show storage': 'Show disks, mountpaths and capacity',
  'show remote': 'Show attached clusters',
  storage: 'Show disks, mountpaths, capacity; summarize buckets',
  'storage mountpath': 'Show, attach, detach, enable, disable and rescan mountpaths',
  performance: 'Show performance and capacity of targets',
  log: 'Show a node\u2019s log',
  alias: 'Manage short commands',
  advanced: 'For development and unusual situations',
  'remote-cluster': 'Show attached clusters',
}

/** Direct children of a group, with one line each. */
export function childrenOf(path: string, commands: readonly Command[]) {
  const depth = path === '' ? 0 : path.split(' ').length
  const names = new Map<string, string>()
  for (const command of commands) {
    for (const place of [command.path, ...(command.alsoAt ?? [])]) {
      if (path !== '' && !place.startsWith(`${path} `)) continue
      const words = place.split(' ')
      const name = words[depth]
      if (name === undefined) continue
      const full = words.slice(0, depth + 1).join(' ')
      const summary = full === place ? command.summary : (groups[full] ?? '')
      if (!names.has(name) || full === place) names.set(name, groups[full] ?? summary)
    }
  }
  return names
}

/** Help of a group of commands, or of the whole tool for an empty path. */
export function groupHelp(path: string, commands: readonly Command[]): string {
  const name = path === '' ? 'ais' : `ais ${path}`
  const about = path === '' ? 'the command line of an AIStore cluster' : (groups[path] ?? '')
  const rows = [...childrenOf(path, commands)].map(([child, text]) => `   ${child}\t ${text}\n`)
  return (
    `NAME:\n   ${name} - ${about}\n\nUSAGE:\n   ${name} command [arguments...]  [command options]\n\n` +
    (path === '' ? `VERSION:\n   ${version}\n\n` : '') +
    `COMMANDS:\n${tabwriter(rows.join(''))}\nOPTIONS:\n   --help, -h  Show help\n`
  )
}

/** Full help of one command. */
export function commandHelp(command: Command, shown: string): string {
  const flags = [
    ...command.flags.map((flag) => [flag.names.join(','), flag.help] as const),
    ['help,h', 'Show help'] as const,
  ].sort(([a], [b]) => (a < b ? -1 : 1))
  const rows = flags.map(([names, help]) => `   ${names}\t ${help}\n`)
  return (
    `NAME:\n   ${shown} - ${command.summary}\n\n` +
    `USAGE:\n   ${usageLine(command, shown)}\n\nOPTIONS:\n${tabwriter(rows.join(''))}`
  )
}

/** What follows the message of a wrong command line. */
export function shortUsage(command: Command, shown: string): string {
  return `${shown} - ${command.summary}\n   \nUSAGE:\n   ${shown} ${command.usage}\n\nSee '--help' and docs/cli for details.`
}

/** What follows the message of an unknown command. */
export function groupUsage(path: string, commands: readonly Command[]): string {
  const name = path === '' ? 'ais' : `ais ${path}`
  const names = [...childrenOf(path, commands).keys()].sort()
  return `${name} [command options] [arguments...]\n\n  COMMANDS:  ${names.join(', ')}\n  OPTIONS:   --help${path === '' ? ', --version' : ''}\n`
}

function usageLine(command: Command, shown: string): string {
  const options = command.flags.length > 0 ? ' [command options]' : ''
  return `${shown} ${command.usage}${options}`.trimEnd()
}
