import { isFields, textOf } from '@aistore-ts/sdk/decode.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { prettyJson } from '../../output/json.ts'
import { spaceTable } from '../../output/space-table.ts'

export const showRemoteCluster: Command = {
  path: 'show remote-cluster',
  alsoAt: ['show remote cluster', 'remote-cluster show', 'remote-cluster show cluster'],
  summary: 'Show attached clusters',
  usage: '',
  argsMax: 0,
  flags: [sharedFlags.json, sharedFlags.noHeaders, sharedFlags.units, sharedFlags.verbose],
  async run(context) {
    const { client, flags, terminal, signal } = context
    const remote = await client.cluster.query('remote', signal)
    if (flags.has('json')) return terminal.out(prettyJson(remote))
    const list = isFields(remote) && Array.isArray(remote.a) ? remote.a : []
    const rows = list.filter(isFields).map((item) => {
      const smap = isFields(item.smap) ? readSmap(item.smap) : undefined
      const known = smap !== undefined && smap.uuid !== ''
      return [
        textOf(item.uuid),
        textOf(item.url),
        textOf(item.alias),
        known ? `p[${smap.primaryId}]` : 'n/a',
        known ? `v${smap.version}` : 'n/a',
        known ? String(smap.targets.length) : 'n/a',
        'n/a',
      ]
    })
    const columns = ['UUID', 'URL', 'Alias', 'Primary', 'Smap', 'Targets', 'Uptime']
    terminal.out(spaceTable(flags.has('no-headers') ? rows : [columns, ...rows]))
  },
}
