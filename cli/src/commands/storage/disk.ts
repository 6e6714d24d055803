import { type Fields, isFields, numberOf } from '@aistore-ts/sdk/decode.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { parseMountpaths } from '../../cluster/node-status.ts'
import { findNode, isActive, nodeName, readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { formatSize, type Units } from '../../format/size.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'
import { table } from '../../output/table.ts'

export const storageDisk: Command = {
  path: 'storage disk',
  alsoAt: [
    'show storage disk',
    'storage show disk',
    'performance disk',
    'show performance disk',
    'storage show',
    'show storage',
  ],
  summary: 'Show throughput and use of the targets\u2019 disks',
  usage: '[TARGET_ID]',
  argsMax: 1,
  flags: [
    sharedFlags.count,
    sharedFlags.json,
    sharedFlags.noHeaders,
    sharedFlags.refresh,
    sharedFlags.units,
    flag.switch('summary', 'totals of each target only'),
  ],
  async run(context) {
    const { args, client, flags, terminal, signal } = context
    const smap = readSmap(await client.cluster.smap(undefined, signal))
    const [nodeArg] = args
    const nodes = nodeArg === undefined ? smap.targets.filter(isActive) : [findNode(smap, nodeArg)]
    const answers = await Promise.all(
      nodes.map((node) => client.cluster.node(node.id, 'disk', signal)),
    )
    if (flags.has('json')) {
      const entries = nodes.map((node, i) => [node.id, answers[i]] as const)
      return terminal.out(prettyJson(Object.fromEntries(entries)))
    }
    const units = flags.units()
    const disks = nodes.flatMap((node, i) => disksOf(nodeName(node), answers[i] ?? {}))
    if (disks.length === 0) return printLine(context, 'No disks')
    const rows = flags.has('summary')
      ? nodes.map((node) =>
          totalRow(
            nodeName(node),
            disks.filter((d) => d.target === nodeName(node)),
            units,
          ),
        )
      : disks.map((d) => diskRow(d, units))
    if (nodes.length > 1) rows.push(totalRow('--- Cluster:', disks, units, ' ---'))
    const columns = [
      'TARGET',
      'DISK',
      'READ',
      'READ(avg size)',
      'WRITE',
      'WRITE(avg size)',
      'UTIL(%)',
      'CAP USED(%)',
      'CAP AVAIL',
    ].map((title) => ({ title }))
    terminal.out(table(columns, rows, { headings: !flags.has('no-headers') }))
  },
}

interface Disk {
  readonly target: string
  readonly name: string
  readonly readBps: number
  readonly readAvg: number
  readonly writeBps: number
  readonly writeAvg: number
  readonly util: number
  /** Of the first mountpath on it. */
  readonly usedPercent: number | undefined
  readonly availBytes: number
}

function disksOf(target: string, answer: Fields): Disk[] {
  const stats = isFields(answer.AllDiskStats) ? answer.AllDiskStats : {}
  const mountpaths = parseMountpaths(answer.mountpaths)
  return Object.keys(stats)
    .sort()
    .map((name) => {
      const value = stats[name]
      const stat = isFields(value) ? value : {}
      const mountpath = mountpaths.find((m) => m.disks[0] === name)
      return {
        target,
        name,
        readBps: numberOf(stat.RBps),
        readAvg: numberOf(stat.Ravg),
        writeBps: numberOf(stat.WBps),
        writeAvg: numberOf(stat.Wavg),
        util: numberOf(stat.Util),
        usedPercent: mountpath?.usedPercent,
        availBytes: mountpath?.availBytes ?? 0,
      }
    })
}

function diskRow(disk: Disk, units: Units): string[] {
  const perSecond = disk.readBps === 0 ? '0' : `${formatSize(disk.readBps, units)}/s`
  const capacity =
    disk.usedPercent === undefined
      ? ['-', '-']
      : [`${disk.usedPercent}%`, formatSize(disk.availBytes, units)]
  return [
    disk.target,
    disk.name,
    perSecond,
    formatSize(disk.readAvg, units),
    formatSize(disk.writeBps, units),
    formatSize(disk.writeAvg, units),
    `${disk.util}%`,
    ...capacity,
  ]
}

function totalRow(label: string, disks: readonly Disk[], units: Units, end = ''): string[] {
  const sum = (of: (d: Disk) => number) => disks.reduce((total, disk) => total + of(disk), 0)
  const average = (of: (d: Disk) => number) =>
    disks.length === 0 ? 0 : Math.round(sum(of) / disks.length)
  const row = diskRow(
    {
      target: label,
      name: '',
      readBps: sum((d) => d.readBps),
      readAvg: average((d) => d.readAvg),
      writeBps: sum((d) => d.writeBps),
      writeAvg: average((d) => d.writeAvg),
      util: average((d) => d.util),
      usedPercent: undefined,
      availBytes: 0,
    },
    units,
  )
  return [...row.slice(0, -1), `${row.at(-1) ?? ''}${end}`]
}
