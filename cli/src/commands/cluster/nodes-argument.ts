import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import { findNode, type NodeInfo, nodeName, readSmap, type SmapView } from '../../cluster/smap.ts'
import type { Context } from '../../command.ts'

/** Nodes of the command line, separated by blanks or commas, and the map they are in. */
export interface NodesArgument {
  readonly smap: SmapView
  readonly nodes: readonly NodeInfo[]
  /** `t[a], t[b]` */
  readonly names: string
}

/** @throws UsageError none; CommandError an unknown node, one twice, the primary */
export async function readNodes(context: Context, action: string): Promise<NodesArgument> {
  const words = context.args.flatMap((word) => word.split(',')).filter((word) => word !== '')
  if (words.length === 0) throw missingArguments('NODE_ID')
  const smap = readSmap(await context.client.cluster.smap(undefined, context.signal))
  const nodes: NodeInfo[] = []
  for (const word of words) {
    const node = findNode(smap, word)
    if (node.id === smap.primaryId) {
      throw new CommandError(`${nodeName(node)} is primary (cannot ${action} the primary node)`)
    }
    if (nodes.includes(node)) {
      throw new CommandError(`${nodeName(node)} is specified more than once`)
    }
    nodes.push(node)
  }
  return { smap, nodes, names: nodes.map(nodeName).join(', ') }
}
