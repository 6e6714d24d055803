import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabNode } from '../lab-node.ts'

/** What a node answered; status 0 when nothing came. */
export interface Answer {
  readonly status: number
  readonly text: string
}

const callTimeoutMs = 6_000

/** A call of the native API, as any client makes it. */
export async function ask(
  node: LabNode,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  try {
    const reply = await fetch(`${node.url}${path}`, {
      method,
      signal: AbortSignal.timeout(callTimeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: reply.status, text: await reply.text() }
  } catch (error) {
    return { status: 0, text: error instanceof Error ? error.message : String(error) }
  }
}

/** An action of the cluster. */
export function act(node: LabNode, action: string, value: unknown): Promise<Answer> {
  return ask(node, 'PUT', '/v1/cluster', { action, value })
}

/** ID of the node that answers there. */
export async function idOf(node: LabNode): Promise<string> {
  const { text } = await ask(node, 'GET', '/v1/daemon?what=snode')
  return (JSON.parse(text) as { daemon_id: string }).daemon_id
}

interface MapJson {
  readonly tmap: Record<string, { readonly flags: string }>
}

/** Flags of a target in the map that `node` has; `undefined` when it is not there. */
export async function targetFlags(node: LabNode, id: string): Promise<number | undefined> {
  const { text } = await ask(node, 'GET', '/v1/daemon?what=smap')
  const found = (JSON.parse(text) as MapJson).tmap[id]
  return found === undefined ? undefined : Number(found.flags)
}

/** The same text for the same content, whatever the order of its keys. */
function canonical(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(canonical)
  if (typeof json !== 'object' || json === null) return json
  const sorted = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, value]) => [key, canonical(value)]))
}

/** What the node has in force, as its disk says: map, buckets, configuration, RMD, and their stamp. */
async function inForce(node: LabNode): Promise<string> {
  try {
    const sealed = await readFile(join(node.confdir, '.ais.state'), 'utf8')
    return JSON.stringify(canonical(JSON.parse(sealed.slice(sealed.indexOf('\n')))))
  } catch {
    // Just now it takes another one's place.
    return ''
  }
}

/** Whether all these have the same in force. */
export async function sameInForce(nodes: readonly LabNode[]): Promise<boolean> {
  const texts = await Promise.all(nodes.map(inForce))
  return texts[0] !== '' && texts.every((text) => text === texts[0])
}
