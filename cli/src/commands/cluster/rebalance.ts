import type { RebalanceSnapshot } from '@aistore-ts/sdk/cluster-rebalance.ts'
import { isFields, numberOf, textOf } from '@aistore-ts/sdk/decode.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { plainNodeId } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { formatSize } from '../../format/size.ts'
import { formatClock } from '../../format/time.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'
import { spaceTable } from '../../output/space-table.ts'

export const rebalanceStart: Command = {
  path: 'cluster rebalance start',
  alsoAt: ['job start rebalance'],
  summary: 'Move every object to the target that owns it',
  usage: '',
  argsMax: 0,
  flags: [],
  async run(context) {
    const id = await context.client.cluster.rebalance.start(context.signal)
    printLine(
      context,
      `Started rebalance[${id}]. To monitor the progress, run 'ais show rebalance'`,
    )
  },
}

/** Of the ones that run; a newer one takes the place of an older. */
async function runningId(context: Context): Promise<string | undefined> {
  const { client, signal } = context
  const running = await client.cluster.rebalance.snapshots({ onlyRunning: true, signal })
  return newestId(running)
}

export const rebalanceStop: Command = {
  path: 'cluster rebalance stop',
  alsoAt: ['job stop rebalance'],
  summary: 'Stop the rebalance that runs',
  usage: '',
  argsMax: 0,
  flags: [],
  async run(context) {
    const id = await runningId(context)
    if (id === undefined) return printLine(context, 'No running rebalance, nothing to do')
    await context.client.cluster.rebalance.stop(id, context.signal)
    printLine(context, `Stopped rebalance[${id}]`)
  },
}

const columns = [
  'REB ID',
  'NODE',
  'TX OBJECTS',
  'TX BYTES',
  'RX OBJECTS',
  'RX BYTES',
  'START',
  'END',
  'STATE',
] as const
/** As upstream. */
const columnGap = 3

export const rebalanceShow: Command = {
  path: 'show rebalance',
  alsoAt: ['cluster rebalance show'],
  summary: 'Show what targets move, or moved',
  usage: '[REB_ID] [NODE_ID]',
  argsMax: 2,
  flags: [
    sharedFlags.all,
    sharedFlags.count,
    sharedFlags.json,
    sharedFlags.noHeaders,
    sharedFlags.refresh,
  ],
  async run(context) {
    const { args, client, flags, signal, terminal } = context
    const [id, nodeArg] = args
    const onlyRunning = id === undefined && !flags.has('all')
    const known = await client.cluster.rebalance.snapshots({ id, onlyRunning, signal })
    const nodeId = nodeArg === undefined ? undefined : plainNodeId(nodeArg)
    const shown = known.filter((each) => nodeId === undefined || each.nodeId === nodeId)
    if (flags.has('json')) return terminal.out(prettyJson(shown))
    if (shown.length === 0) {
      const hint = onlyRunning ? " Use '--all' to show history, '--help' for details." : ''
      return printLine(context, `Global rebalance is not running.${hint}`)
    }
    const rows = shown.toSorted(byNumberThenNode).map(row)
    terminal.out(spaceTable(flags.has('no-headers') ? rows : [columns, ...rows], columnGap))
  },
}

/** `g12` is 12. */
const numberOfId = ({ snapshot }: RebalanceSnapshot) => Number(textOf(snapshot.id).slice(1))

function byNumberThenNode(a: RebalanceSnapshot, b: RebalanceSnapshot): number {
  return numberOfId(a) - numberOfId(b) || (a.nodeId < b.nodeId ? -1 : 1)
}

function newestId(snapshots: readonly RebalanceSnapshot[]): string | undefined {
  const last = snapshots.toSorted(byNumberThenNode).at(-1)
  return last && textOf(last.snapshot.id)
}

/** When something began or ended; `-` for the time that upstream writes for none. */
function clockOf(value: unknown): string {
  const ms = Date.parse(textOf(value))
  return Number.isNaN(ms) || ms <= 0 ? '-' : formatClock(ms)
}

function stateOf(aborted: unknown, end: string): string {
  if (aborted === true) return 'Aborted'
  return end === '-' ? 'Running' : 'Finished'
}

function row({ nodeId, snapshot }: RebalanceSnapshot): string[] {
  const stats = isFields(snapshot.stats) ? snapshot.stats : {}
  const end = clockOf(snapshot['end-time'])
  return [
    textOf(snapshot.id),
    nodeId,
    textOf(stats['out-objs']),
    formatSize(numberOf(stats['out-bytes'])),
    textOf(stats['in-objs']),
    formatSize(numberOf(stats['in-bytes'])),
    clockOf(snapshot['start-time']),
    end,
    stateOf(snapshot.aborted, end),
  ]
}
