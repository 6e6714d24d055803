import { isFields, numberOf } from '@aistore-ts/sdk/decode.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { readStatuses } from '../../cluster/node-status.ts'
import { loadText } from '../../cluster/node-table.ts'
import { findNode, nodeLabel, readSmap } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { formatSize } from '../../format/size.ts'
import { prettyJson } from '../../output/json.ts'
import { table } from '../../output/table.ts'

const flags = [
  sharedFlags.count,
  sharedFlags.json,
  sharedFlags.noHeaders,
  sharedFlags.refresh,
  sharedFlags.units,
]

export const showClusterCpu: Command = {
  path: 'show cluster cpu',
  alsoAt: ['cluster show cpu'],
  summary: 'Show CPU use and load of the nodes',
  usage: '[NODE_ID]',
  argsMax: 1,
  flags,
  async run(context) {
    const { smap, statuses } = await gather(context)
    if (printedJson(context, statuses)) return
    const rows = statuses.map((s) => [
      nodeLabel(s.node, smap),
      s.node.type,
      processText(s.raw, 'pct_cpu_used'),
      `${s.cpuPercent}%`,
      s.cpuThrottledPercent === 0 ? '-' : `${s.cpuThrottledPercent}%`,
      loadText(s),
    ])
    const columns = [
      { title: 'NODE' },
      { title: 'TYPE' },
      { title: 'PROC CPU(%)' },
      { title: 'SYS CPU(%)' },
      { title: 'THROTTLED(%)', hide: statuses.every((s) => s.cpuThrottledPercent === 0) },
      { title: 'LOAD AVERAGE' },
    ]
    context.terminal.out(table(columns, rows, { headings: !context.flags.has('no-headers') }))
  },
}

/** The columns after the node's share, and their keys; some are hidden when they are zero everywhere. */
const systemColumns = [
  ['TOTAL', 'Total', false],
  ['USED', 'Used', false],
  ['FREE', 'Free', false],
  ['BUFF/CACHE', 'BuffCache', true],
  ['ACTUAL USED', 'ActualUsed', false],
  ['ACTUAL FREE', 'ActualFree', false],
  ['SWAP USED', 'SwapUsed', true],
  ['SWAP FREE', 'SwapFree', true],
  ['SWAP TOTAL', 'SwapTotal', true],
] as const

const processColumns = [
  ['PROC RSS', 'Resident', false],
  ['PROC SIZE', 'Size', false],
  ['PROC SHARED', 'Share', true],
] as const

export const showClusterMemory: Command = {
  path: 'show cluster memory',
  alsoAt: ['cluster show memory'],
  summary: 'Show memory of the nodes and their machines',
  usage: '[NODE_ID]',
  argsMax: 1,
  flags,
  async run(context) {
    const { smap, statuses } = await gather(context)
    if (printedJson(context, statuses)) return
    const units = context.flags.units()
    const readings = statuses.map((s) => {
      const sys = isFields(s.raw.sys_info) ? s.raw.sys_info : {}
      const proc = isFields(sys.proc) && isFields(sys.proc.Mem) ? sys.proc.Mem : {}
      const mem = isFields(sys.mem) ? sys.mem : {}
      return {
        label: nodeLabel(s.node, smap),
        type: s.node.type,
        process: processColumns.map(([, key]) => numberOf(proc[key] ?? proc[key.toLowerCase()])),
        percent: `${s.memUsedPercent.toFixed(1)}%`,
        system: systemColumns.map(([, key]) => numberOf(mem[key])),
      }
    })
    const unused = (part: 'process' | 'system', index: number) =>
      readings.every((reading) => reading[part][index] === 0)
    const columns = [
      { title: 'NODE' },
      { title: 'TYPE' },
      ...processColumns.map(([title, , optional], i) => ({
        title,
        hide: optional && unused('process', i),
      })),
      { title: 'PROC MEM(%)' },
      ...systemColumns.map(([title, , optional], i) => ({
        title,
        hide: optional && unused('system', i),
      })),
    ]
    const rows = readings.map((reading) => [
      reading.label,
      reading.type,
      ...reading.process.map((bytes) => formatSize(bytes, units)),
      reading.percent,
      ...reading.system.map((bytes) => formatSize(bytes, units)),
    ])
    context.terminal.out(table(columns, rows, { headings: !context.flags.has('no-headers') }))
  },
}

async function gather(context: Context) {
  const smap = readSmap(await context.client.cluster.smap(undefined, context.signal))
  const [nodeArg] = context.args
  const nodes =
    nodeArg === undefined ? [...smap.proxies, ...smap.targets] : [findNode(smap, nodeArg)]
  return { smap, statuses: await readStatuses(context, nodes) }
}

function printedJson(
  context: Context,
  statuses: Awaited<ReturnType<typeof readStatuses>>,
): boolean {
  if (!context.flags.has('json')) return false
  const entries = statuses.map((s) => [s.node.id, s.raw.sys_info] as const)
  context.terminal.out(prettyJson(Object.fromEntries(entries)))
  return true
}

function processText(raw: Readonly<Record<string, unknown>>, key: string): string {
  const sys = isFields(raw.sys_info) ? raw.sys_info : {}
  return `${numberOf(sys[key]).toFixed(1)}%`
}
