import { sharedFlags } from '../../arguments/shared-flags.ts'
import { findNode, type NodeInfo, nodeLabel, nodeName, readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { prettyJson } from '../../output/json.ts'
import { table } from '../../output/table.ts'
import { tabwriter } from '../../output/tabwriter.ts'

export const showClusterSmap: Command = {
  path: 'show cluster smap',
  alsoAt: ['cluster show smap'],
  summary: 'Show the cluster map, the gateway\u2019s or a node\u2019s own',
  usage: '[NODE_ID]',
  argsMax: 1,
  flags: [sharedFlags.count, sharedFlags.json, sharedFlags.noHeaders, sharedFlags.refresh],
  async run(context) {
    const { args, client, flags, terminal, signal } = context
    const [nodeArg] = args
    let raw = await client.cluster.smap(undefined, signal)
    const node = nodeArg === undefined ? undefined : findNode(readSmap(raw), nodeArg)
    if (node !== undefined) raw = await client.cluster.smap(node.id, signal)
    if (flags.has('json')) return terminal.out(prettyJson(raw))
    const smap = readSmap(raw)
    if (node !== undefined) terminal.out(`Cluster map from: ${nodeName(node)}\n`)
    const all = [...smap.proxies, ...smap.targets]
    const extended = all.some((n) => n.controlUrl !== n.publicUrl || n.dataUrl !== n.publicUrl)
    const columns = [
      { title: 'NODE' },
      { title: 'TYPE' },
      { title: 'PUBLIC URL' },
      { title: 'INTRA CONTROL URL', hide: !extended },
      { title: 'INTRA DATA URL', hide: !extended },
    ]
    const row = (n: NodeInfo) => [nodeLabel(n, smap), n.type, n.publicUrl, n.controlUrl, n.dataUrl]
    const headings = !flags.has('no-headers')
    terminal.out(`${table(columns, smap.proxies.map(row), { headings })}\n`)
    terminal.out(`${table(columns, smap.targets.map(row), { headings })}\n`)
    const bound = smap.proxies.filter((n) => n.nonElectable).map((n) => ` ProxyID: ${n.id}\n`)
    terminal.out(`Non-Electable:\n${bound.length === 0 ? ' \n' : bound.join('')}`)
    terminal.out(
      tabwriter(
        `Primary Proxy:\t${smap.primaryId}\n` +
          `Summary:\tproxies(${smap.proxies.length}), targets(${smap.targets.length}), cluster map(v${smap.version}), cluster ID("${smap.uuid}")\n`,
      ),
    )
  },
}
