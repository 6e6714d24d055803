import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DaemonRuntime } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { createNode, type LabNode, nodePort } from './lab-node.ts'
import { createNetwork, type Network } from './network.ts'
import { shell } from './shell.ts'

/** What a gateway says of its cluster. */
export interface View {
  readonly version: number
  readonly uuid: string
  readonly primaryUrl: string
  readonly proxies: number
  readonly targets: number
}

export interface Lab {
  readonly network: Network
  readonly proxies: readonly LabNode[]
  readonly targets: readonly LabNode[]
  readonly nodes: readonly LabNode[]
  /** Keepalive interval, ms. */
  readonly intervalMs: number
  view(node: LabNode): Promise<View | undefined>
  /** Folder of everything that the nodes wrote. */
  readonly folder: string
  /** Nodes of the second cluster. */
  readonly strangers: readonly LabNode[]
  /** Which gateway leads, as these gateways see it: those of the first cluster, when not told. */
  primary(among?: readonly LabNode[]): Promise<LabNode>
  /** @param keep leaves the folder for a look */
  close(keep?: boolean): Promise<void>
}

const intervalMs = 1_000
/** Time a node has to say what it sees, ms. */
const askTimeoutMs = 400
/** So often all gateways are asked who leads before that is a finding. */
const primaryTries = 5

interface SmapJson {
  version: string
  uuid: string
  proxy_si: { public_net: { direct_url: string } } | null
  pmap: object
  tmap: object
}

async function viewOf(url: string, timeoutMs: number): Promise<View | undefined> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const reply = await fetch(`${url}/v1/daemon?what=smap`, { signal })
    if (!reply.ok) return undefined
    const smap = (await reply.json()) as SmapJson
    return {
      version: Number(smap.version),
      uuid: smap.uuid,
      primaryUrl: smap.proxy_si?.public_net.direct_url ?? '',
      proxies: Object.keys(smap.pmap).length,
      targets: Object.keys(smap.tmap).length,
    }
  } catch {
    return undefined
  }
}

/** What a lab is made of. */
export interface LabShape {
  readonly proxies: number
  readonly targets: number
  /** Targets that are not started yet. */
  readonly spares?: number
  /** Runtimes of the gateways and of the targets, in turn; Node when not told. */
  readonly runtimes?: {
    readonly proxy: readonly DaemonRuntime[]
    readonly target: readonly DaemonRuntime[]
  }
  /** Environment of all nodes, beside the usual. */
  readonly env?: Readonly<Record<string, string>>
  /** Another cluster beside it, on machines of its own. */
  readonly second?: { readonly proxies: number; readonly targets: number }
}

/** How a lab is run. */
export interface LabOptions {
  readonly networkNumber: number
  /** How many times longer than usual an answer may take. */
  readonly slack: number
}

/** A new cluster in new folders, up and complete but for the spares. */
export async function openLab(shape: LabShape, options: LabOptions): Promise<Lab> {
  const { slack } = options
  const askMs = askTimeoutMs * slack
  const { second = { proxies: 0, targets: 0 }, env = {} } = shape
  const own = shape.proxies + shape.targets + (shape.spares ?? 0)
  const network = await createNetwork(options.networkNumber, own + second.proxies + second.targets)
  const folder = await mkdtemp(join(tmpdir(), 'ais-faults-'))
  const urlOf = (machine: number) => `http://${network.addressOf(machine)}:${nodePort}`

  /** One cluster: its gateways, then its targets; the first gateway begins. */
  async function cluster(first: number, proxies: number, targets: number): Promise<LabNode[]> {
    const config = join(folder, `cluster-${first}.json`)
    // A first gateway that lost its folder asks the second one.
    const proxy = proxies > 1 ? { discovery_url: urlOf(first + 1) } : {}
    await writeFile(config, JSON.stringify({ net: { allowed_hosts: [] }, proxy }))
    const nodes: LabNode[] = []
    for (let machine = first; machine < first + proxies + targets; machine++) {
      const role = machine < first + proxies ? 'proxy' : 'target'
      const joinUrl = machine === first ? undefined : urlOf(first)
      const runtimes = shape.runtimes?.[role] ?? []
      const at = role === 'proxy' ? machine - first : machine - first - proxies
      const runtime = runtimes[at % runtimes.length] ?? 'node'
      const parts = {
        network,
        folder,
        role,
        runtime,
        machine,
        joinUrl,
        config,
        env,
        slack,
      } as const
      nodes.push(await createNode(parts))
    }
    return nodes
  }

  const nodes = await cluster(0, shape.proxies, shape.targets + (shape.spares ?? 0))
  const strangers = await cluster(own, second.proxies, second.targets)
  const proxies = nodes.filter(({ role }) => role === 'proxy')
  const lab: Lab = {
    network,
    nodes,
    strangers,
    proxies,
    targets: nodes.filter(({ role }) => role === 'target'),
    intervalMs,
    folder,
    view: (node) => viewOf(node.url, askMs),
    async primary(among = proxies) {
      for (let tries = 0; tries < primaryTries; tries++) {
        const views = await Promise.all(among.map((proxy) => viewOf(proxy.url, askMs)))
        const newest = views.reduce(
          (best, view) => ((view?.version ?? -1) > (best?.version ?? -1) ? view : best),
          undefined,
        )
        const found = among.find(({ url }) => url === newest?.primaryUrl)
        if (found !== undefined) return found
      }
      throw new Error('no gateway knows a primary')
    },
    async close(keep = false) {
      for (const node of [...nodes, ...strangers]) {
        node.thaw()
        await node.kill()
      }
      await network.remove()
      if (!keep) await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    const first = nodes.slice(0, shape.proxies + shape.targets)
    await Promise.all([...first, ...strangers].map((node) => node.start()))
  } catch (error) {
    const logs = await shell('sh', '-c', `tail -n 5 ${folder}/*/log/*`).catch(() => '')
    await lab.close()
    throw new Error(`${error instanceof Error ? error.message : error}\n${logs}`)
  }
  return lab
}
