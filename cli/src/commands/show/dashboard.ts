import { setTimeout as sleep } from 'node:timers/promises'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { healthBlock, sampleTransfers } from '../../cluster/health-block.ts'
import { readStatuses } from '../../cluster/node-status.ts'
import { readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { summary, wholeJson } from './cluster.ts'

/** Least time over which rates are taken, ms. */
const sampleMs = 1_000

export const showDashboard: Command = {
  path: 'show dashboard',
  alsoAt: ['cluster dashboard'],
  summary: 'Show performance, health and the cluster at a glance',
  usage: '',
  argsMax: 0,
  flags: [
    sharedFlags.count,
    sharedFlags.json,
    sharedFlags.noHeaders,
    sharedFlags.refresh,
    sharedFlags.units,
    sharedFlags.verbose,
  ],
  async run(context) {
    const { client, flags, terminal, signal } = context
    const raw = await client.cluster.smap(undefined, signal)
    const smap = readSmap(raw)
    const first = await readStatuses(context, [...smap.proxies, ...smap.targets])
    if (flags.has('json')) return terminal.out(await wholeJson(context, raw, first))
    const before = sampleTransfers(first, performance.now())
    await sleep(Math.max(flags.durationMs('refresh') ?? 0, sampleMs), undefined, { signal })
    const [statuses, jobs] = await Promise.all([
      readStatuses(context, [...smap.proxies, ...smap.targets]),
      client.jobs.snapshots({ onlyRunning: true, signal }),
    ])
    const now = sampleTransfers(statuses, performance.now())
    const health = healthBlock({
      statuses: statuses.filter(({ node }) => node.type === 'target'),
      before,
      now,
      jobKinds: [...new Set(jobs.map(({ kind }) => kind))].sort(),
      units: flags.units(),
      verbose: flags.has('verbose'),
    })
    terminal.out(`${health}\n${await summary(context, smap, statuses)}`)
    const primary = smap.proxies.find(({ id }) => id === smap.primaryId)
    if (primary !== undefined && primary.publicUrl !== context.endpoint) {
      terminal.out(`   Primary (Smap):\t${primary.publicUrl}\n`)
    }
    if (flags.has('refresh')) return
    const note = "for more accurate performance results, use '--refresh' and run several iterations"
    terminal.err(`Note: ${note}\n\n`)
  },
}
