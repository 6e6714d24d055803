import { sharedFlags } from '../../arguments/shared-flags.ts'
import { availableBytes } from '../../cluster/node-table.ts'
import { nodeName } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { formatSize } from '../../format/size.ts'
import { tabwriter } from '../../output/tabwriter.ts'
import { targetStatuses } from './mountpath-show.ts'

export const storageCapacity: Command = {
  path: 'storage capacity',
  alsoAt: [
    'show storage capacity',
    'storage show capacity',
    'performance capacity',
    'show performance capacity',
  ],
  summary: 'Show used and available space of the targets',
  usage: '[TARGET_ID]',
  argsMax: 1,
  flags: [sharedFlags.count, sharedFlags.noHeaders, sharedFlags.refresh, sharedFlags.units],
  async run(context) {
    const { flags, terminal } = context
    const units = flags.units()
    const lines = [
      'TARGET\t MOUNTPATHS\t USED(min%, avg%, max%)\t CAP AVAIL\t Disks & File System\t CAP STATUS',
    ]
    if (flags.has('no-headers')) lines.pop()
    for (const s of await targetStatuses(context)) {
      const { min, avg, max } = s.capacityPercent
      const used = [min, avg, max].map((n) => `${String(n).padStart(2)}%`).join('   ')
      const head = [
        nodeName(s.node),
        String(s.mountpaths.length),
        `     ${used}`,
        formatSize(availableBytes(s), units),
      ].join('\t ')
      const status = s.capacityError === '' ? 'good' : s.capacityError
      s.mountpaths.forEach((mountpath, index) => {
        const start = index === 0 ? `${head}\t ` : '\t\t\t\t '
        const end = index === s.mountpaths.length - 1 ? `\t ${status}` : ''
        lines.push(`${start}${mountpath.fs}(${mountpath.fsType})${end}`)
      })
    }
    terminal.out(tabwriter(lines.map((line) => `${line}\n`).join('')))
  },
}
