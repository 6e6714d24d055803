import { type Fields, isFields, numberOf, textOf } from '@aistore-ts/sdk/decode.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { findNode, readSmap } from '../../cluster/smap.ts'
import type { Command } from '../../command.ts'
import { formatSize } from '../../format/size.ts'
import { formatRfc822 } from '../../format/time.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'
import { spaceTable } from '../../output/space-table.ts'

export const showClusterBmd: Command = {
  path: 'show cluster bmd',
  alsoAt: ['cluster show bmd'],
  summary: 'Show the metadata of all buckets',
  usage: '[NODE_ID]',
  argsMax: 1,
  flags: [sharedFlags.count, sharedFlags.json, sharedFlags.noHeaders, sharedFlags.refresh],
  async run(context) {
    const { args, client, flags, terminal, signal } = context
    const [nodeArg] = args
    const nodeId =
      nodeArg === undefined
        ? undefined
        : findNode(readSmap(await client.cluster.smap(undefined, signal)), nodeArg).id
    const bmd = await client.cluster.bmd(nodeId, signal)
    if (flags.has('json')) return terminal.out(prettyJson(bmd))
    const rows = bucketRows(bmd)
    if (rows.length === 0) {
      return printLine(context, `BMD v${textOf(bmd.version)}[${textOf(bmd.uuid)}] - is empty`)
    }
    const columns = ['PROVIDER', 'NAMESPACE', 'NAME', 'BACKEND', 'COPIES', 'EC', 'CREATED']
    terminal.out(spaceTable(flags.has('no-headers') ? rows : [columns, ...rows]))
    terminal.out(`\nVersion:\t${textOf(bmd.version)}\nUUID:\t\t${textOf(bmd.uuid)}\n`)
  },
}

function bucketRows(bmd: Fields): string[][] {
  const rows: string[][] = []
  for (const [provider, namespaces] of entriesOf(bmd.providers)) {
    for (const [namespace, buckets] of entriesOf(namespaces)) {
      for (const [name, props] of entriesOf(buckets)) {
        rows.push(bucketRow(provider, namespace === '@#' ? '' : namespace, name, props))
      }
    }
  }
  return rows
}

function bucketRow(provider: string, namespace: string, name: string, value: unknown): string[] {
  const props = fieldsOf(value)
  const backend = fieldsOf(props.backend_bck)
  const mirror = fieldsOf(props.mirror)
  const ec = fieldsOf(props.ec)
  const created = numberOf(props.created) / 1e6
  const behind = textOf(backend.name)
  return [
    provider,
    namespace,
    name,
    behind === '' ? '' : `${textOf(backend.provider)}://${behind}`,
    mirror.enabled === true ? textOf(mirror.copies) : '',
    ec.enabled === true ? ecText(ec) : '',
    created === 0 ? '' : formatRfc822(created),
  ]
}

function ecText(ec: Fields): string {
  const limit = numberOf(ec.objsize_limit)
  const parity = numberOf(ec.parity_slices)
  if (limit < 0) return `${parity + 1}-way replication`
  return `D=${textOf(ec.data_slices)}, P=${parity} (size limit ${formatSize(limit, 'iec', 0)})`
}

function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(fieldsOf(value)).sort(([a], [b]) => (a < b ? -1 : 1))
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}
