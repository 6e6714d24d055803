import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import type { NodeOptions } from '@aistore-ts/node-daemon/node/node-options.ts'
import { type RunningNode, runNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { makeFolders, nodeLocalConfig } from '@aistore-ts/node-daemon/server/cluster-layout.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'

type Start = Partial<
  Pick<NodeOptions, 'daemonId' | 'joinUrl' | 'nonElectable' | 'standby' | 'targetsExpected'>
> & {
  readonly port?: number
  /** Folder of another node's disks. */
  readonly disksOf?: readonly [role: 'proxy' | 'target', index: number]
  readonly config?: Record<string, unknown>
}

/** Nodes in this process, started and stopped one by one, in a folder that goes with the yard. */
export interface Yard {
  readonly dir: string
  start(role: 'proxy' | 'target', index: number, options?: Start): Promise<RunningNode>
  /** Gone without a word to the others. */
  crash(node: RunningNode): Promise<void>
  close(): Promise<void>
}

export async function openYard(): Promise<Yard> {
  const dir = await mkdtemp(join(tmpdir(), 'ais-yard-'))
  const platform = await createPlatform()
  const running = new Set<RunningNode>()
  const crash = async (node: RunningNode) => {
    running.delete(node)
    await node.stop({ graceMs: 0, withCluster: true })
  }
  return {
    dir,
    crash,
    async start(role, index, { port = 0, config = {}, disksOf, ...options } = {}) {
      const own = nodeLocalConfig(dir, role, index, { port, mountpaths: 2 })
      const disks = disksOf && nodeLocalConfig(dir, ...disksOf, { port, mountpaths: 2 })
      const local = { ...own, fspaths: disks?.fspaths ?? own.fspaths }
      await makeFolders(local)
      const whole = defaultClusterConfig(config)
      const node = await runNode({ role, platform, local, config: whole, ...options })
      running.add(node)
      node.gone.then(() => running.delete(node))
      return node
    },
    async close() {
      await Promise.all([...running].map(crash))
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The longest a condition may take to come true, ms. */
const patienceMs = 15_000

/** Resolves when `condition` holds, looking at every change of the node's state. */
export async function until(node: RunningNode, what: string, condition: () => boolean) {
  const deadline = performance.now() + patienceMs
  while (!condition()) {
    const left = deadline - performance.now()
    if (left <= 0) throw new Error(`not in ${patienceMs} ms: ${what}`)
    await node.control.change(Math.min(left, 100))
  }
}

export const urlOf = (node: RunningNode): string => node.snode.publicNet.url
export const idOf = (node: RunningNode): string => node.snode.daemonId
export const primaryId = (node: RunningNode): string => node.metadata.smap().primaryId

/** Whether `node` leads and may change the cluster. */
export const leads = (node: RunningNode): boolean =>
  primaryId(node) === idOf(node) && node.control.state().leading?.established === true

/** Flags of `id` in the map of `node`; `undefined`: it is not there. */
export function flagsOf(node: RunningNode, id: string): number | undefined {
  const { proxies, targets } = node.metadata.smap()
  return (targets.get(id) ?? proxies.get(id))?.flags
}

/** PUT of a cluster action. */
export const act = (node: RunningNode, action: string, value: unknown): Promise<Response> =>
  fetch(`${urlOf(node)}/v1/cluster`, { method: 'PUT', body: JSON.stringify({ action, value }) })

export const setPrimary = (node: RunningNode, id: string): Promise<Response> =>
  fetch(`${urlOf(node)}/v1/cluster/proxy/${id}`, { method: 'PUT' })

export const createBucket = (node: RunningNode, name: string): Promise<Response> =>
  fetch(`${urlOf(node)}/v1/buckets/${name}`, {
    method: 'POST',
    body: JSON.stringify({ action: 'create-bck' }),
  })

/** PUT and GET of an object through `node`, the redirect followed. */
export async function putObject(node: RunningNode, path: string, body: string): Promise<number> {
  return (await follow(`${urlOf(node)}/v1/objects/${path}`, { method: 'PUT', body })).status
}

export async function getObject(node: RunningNode, path: string): Promise<string> {
  return (await follow(`${urlOf(node)}/v1/objects/${path}`, {})).text()
}

async function follow(url: string, init: RequestInit): Promise<Response> {
  const first = await fetch(url, { ...init, redirect: 'manual' })
  const location = first.headers.get('location')
  return location === null ? first : fetch(location, init)
}
