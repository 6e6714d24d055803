import type { LabNode } from '../lab-node.ts'

/** Creates a bucket through a gateway; the status, 0 when no answer came. */
export async function createBucket(gateway: LabNode, bucket: string): Promise<number> {
  try {
    const reply = await fetch(`${gateway.url}/v1/buckets/${bucket}`, {
      method: 'POST',
      body: JSON.stringify({ action: 'create-bck' }),
      signal: AbortSignal.timeout(6_000),
    })
    await reply.arrayBuffer()
    return reply.status
  } catch {
    return 0
  }
}

/** Names of the buckets in the node's own copy of the BMD. */
export async function bucketsOf(node: LabNode): Promise<string[]> {
  const reply = await fetch(`${node.url}/v1/daemon?what=bmd`)
  const bmd = (await reply.json()) as { providers: { ais?: { '@#'?: object } } }
  return Object.keys(bmd.providers.ais?.['@#'] ?? {}).sort()
}

/** Whether all these nodes have the same buckets. */
export async function sameBuckets(nodes: readonly LabNode[]): Promise<boolean> {
  const lists = await Promise.all(nodes.map((node) => bucketsOf(node)))
  return new Set(lists.map((list) => list.join(' '))).size === 1
}
