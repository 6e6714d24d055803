import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createNetwork, type Network } from './network.ts'
import { shell } from './shell.ts'

/** A process of the cluster on a machine of its own. */
export interface LabNode {
  readonly role: 'proxy' | 'target'
  readonly machine: number
  /** Public URL. */
  readonly url: string
  readonly home: string
  start(): Promise<void>
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>
  /** Stops the process where it stands (SIGSTOP), as a machine that hangs. */
  freeze(): void
  thaw(): void
  isUp(): boolean
}

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
  /** Which gateway leads, as the others see it. */
  primary(): Promise<LabNode>
  /** @param keep leaves the folder for a look */
  close(keep?: boolean): Promise<void>
}

const port = 8080
const entry = fileURLToPath(new URL('../../node-daemon/src/aisnode.ts', import.meta.url))
const intervalMs = 1_000
const askTimeoutMs = 400

async function localConfig(home: string, address: string, mountpaths: number): Promise<string> {
  const paths = Array.from({ length: mountpaths }, (_, i) => join(home, `mp${i + 1}`))
  for (const path of [join(home, 'conf'), join(home, 'log'), ...paths]) {
    await mkdir(path, { recursive: true })
  }
  const file = join(home, 'local.json')
  const config = {
    confdir: join(home, 'conf'),
    log_dir: join(home, 'log'),
    fspaths: Object.fromEntries(paths.map((path) => [path, ''])),
    host_net: { hostname: address, port: String(port) },
  }
  await writeFile(file, JSON.stringify(config))
  return file
}

interface NodeParts {
  readonly network: Network
  readonly folder: string
  readonly role: 'proxy' | 'target'
  readonly machine: number
  readonly joinUrl: string | undefined
  readonly config: string
}

async function createNode(parts: NodeParts): Promise<LabNode> {
  const { network, role, machine } = parts
  const address = network.addressOf(machine)
  const home = join(parts.folder, `${role}-${machine}`)
  const local = await localConfig(home, address, role === 'target' ? 2 : 0)
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const [command = '', ...prefix] = network.on(machine)
    const join = parts.joinUrl === undefined ? [] : [`-join=${parts.joinUrl}`]
    const args = [`-role=${role}`, `-config=${parts.config}`, `-local_config=${local}`]
    const process_ = spawn(
      command,
      [...prefix, process.execPath, entry, ...args, ...join, '-insecure-no-auth', '-watch_stdin'],
      { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    )
    child = process_
    let errors = ''
    process_.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-2_000)
    })
    process_.once('exit', () => {
      if (child === process_) child = undefined
    })
    await new Promise<void>((resolve, reject) => {
      process_.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('ready ')) resolve()
      })
      process_.once('exit', (code) =>
        reject(new Error(`${role}-${machine} ended (${code}): ${errors}`)),
      )
    })
  }

  return {
    role,
    machine,
    url: `http://${address}:${port}`,
    home,
    start,
    async kill() {
      const running = child
      if (running === undefined) return
      const gone = new Promise((resolve) => running.once('exit', resolve))
      running.kill('SIGKILL')
      await gone
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    isUp: () => child !== undefined,
  }
}

interface SmapJson {
  version: string
  uuid: string
  proxy_si: { public_net: { direct_url: string } } | null
  pmap: object
  tmap: object
}

async function viewOf(url: string): Promise<View | undefined> {
  try {
    const signal = AbortSignal.timeout(askTimeoutMs)
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
}

/** A new cluster in new folders, up and complete but for the spares. */
export async function openLab(shape: LabShape, networkNumber: number): Promise<Lab> {
  const machines = shape.proxies + shape.targets + (shape.spares ?? 0)
  const network = await createNetwork(networkNumber, machines)
  const folder = await mkdtemp(join(tmpdir(), 'ais-faults-'))
  const config = join(folder, 'cluster.json')
  await writeFile(config, JSON.stringify({ net: { allowed_hosts: [] } }))
  const joinUrl = `http://${network.addressOf(0)}:${port}`
  const nodes: LabNode[] = []
  for (let machine = 0; machine < machines; machine++) {
    const role = machine < shape.proxies ? 'proxy' : 'target'
    const join = machine === 0 ? undefined : joinUrl
    nodes.push(await createNode({ network, folder, role, machine, joinUrl: join, config }))
  }
  const proxies = nodes.filter(({ role }) => role === 'proxy')
  const lab: Lab = {
    network,
    nodes,
    proxies,
    targets: nodes.filter(({ role }) => role === 'target'),
    intervalMs,
    folder,
    view: (node) => viewOf(node.url),
    async primary() {
      const views = await Promise.all(proxies.map((proxy) => viewOf(proxy.url)))
      const newest = views.reduce(
        (best, view) => ((view?.version ?? -1) > (best?.version ?? -1) ? view : best),
        undefined,
      )
      const found = proxies.find(({ url }) => url === newest?.primaryUrl)
      if (found === undefined) throw new Error('no gateway knows a primary')
      return found
    },
    async close(keep = false) {
      for (const node of nodes) {
        node.thaw()
        await node.kill()
      }
      await network.remove()
      if (!keep) await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    const first = nodes.slice(0, shape.proxies + shape.targets)
    await Promise.all(first.map((node) => node.start()))
  } catch (error) {
    const logs = await shell('sh', '-c', `tail -n 5 ${folder}/*/log/*`).catch(() => '')
    await lab.close()
    throw new Error(`${error instanceof Error ? error.message : error}\n${logs}`)
  }
  return lab
}
