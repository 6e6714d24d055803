import { mkdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import { findNode, type NodeInfo, nodeName, readSmap } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { confirm, printLine } from '../../output/messages.ts'
import { parseSeverity, severityFlag } from './severity.ts'

export const logGet: Command = {
  path: 'log get',
  summary: 'Download the current log of a node, or all logs of a node or of the cluster',
  usage: 'NODE_ID|cluster [OUT_FILE|OUT_DIR|-]',
  argsMax: 2,
  flags: [
    flag.switch('all', 'all logs as one archive, not only the current one'),
    severityFlag,
    sharedFlags.yes,
  ],
  async run(context) {
    const { args, client, flags, signal } = context
    const [nodeArg, out = ''] = args
    if (nodeArg === undefined) throw missingArguments('NODE_ID')
    if (nodeArg === 'cluster') return downloadAll(context, out)
    const smap = readSmap(await client.cluster.smap(undefined, signal))
    const node = findNode(smap, nodeArg)
    if (flags.has('all')) return downloadArchive(context, node, out)
    const severity = parseSeverity(flags.text('severity'))
    if (out === '-') {
      context.terminal.out(await client.cluster.nodeLog(node.id, { severity, signal }))
      return
    }
    const tail = severity === undefined || severity === 'info' ? '' : `.${severity}`
    const file = await destination(out, `${node.id}${tail}.log`)
    if (!(await mayWrite(context, file))) return
    printLine(context, `Downloading ${nodeName(node)} log as ${file}`)
    await writeFile(file, await client.cluster.nodeLog(node.id, { severity, signal }))
    printLine(context, 'Done')
  },
}

export const clusterDownloadLogs: Command = {
  path: 'cluster download-logs',
  summary: 'Download all logs of all nodes, one archive a node',
  usage: '[OUT_DIR]',
  argsMax: 1,
  flags: [severityFlag, sharedFlags.yes],
  run: (context) => downloadAll(context, context.args[0] ?? ''),
}

async function downloadAll(context: Context, out: string): Promise<void> {
  if (out === '-') throw new CommandError('cannot download archived logs to standard output')
  const { client, signal } = context
  const smap = readSmap(await client.cluster.smap(undefined, signal))
  const dir = out === '' ? '.' : out
  const info = await stat(dir).catch(() => undefined)
  if (info !== undefined && !info.isDirectory()) {
    throw new CommandError(`"${dir}" exists and is not a directory: there is one archive a node`)
  }
  await mkdir(dir, { recursive: true })
  for (const node of [...smap.proxies, ...smap.targets])
    await downloadArchive(context, node, dir, true)
}

async function downloadArchive(
  context: Context,
  node: NodeInfo,
  out: string,
  asked = false,
): Promise<void> {
  const { client, signal, terminal } = context
  if (out === '-') {
    await terminal.write(await client.cluster.nodeLogArchive(node.id, signal))
    return
  }
  const file = await destination(out, `${node.id}.tar.gz`)
  if (!asked && !(await mayWrite(context, file))) return
  printLine(context, `Downloading ${nodeName(node)} logs as ${file}`)
  await writeFile(file, await client.cluster.nodeLogArchive(node.id, signal))
  printLine(context, 'Done')
}

async function destination(out: string, name: string): Promise<string> {
  if (out === '') return name
  const info = await stat(out).catch(() => undefined)
  if (info?.isDirectory() === true) return path.join(out, name)
  await mkdir(path.dirname(out), { recursive: true })
  return out
}

/** Asks before a file is overwritten. */
async function mayWrite(context: Context, file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined)
  if (info?.isFile() !== true || context.flags.has('yes')) return true
  return confirm(context, `overwrite existing "${file}"`)
}
