import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DaemonRuntime } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import type { Network } from './network.ts'

/** What differs from the usual in one start. */
export interface StartOptions {
  /** Command that the node runs under, before the runtime. */
  readonly under?: readonly string[]
  /** Further arguments of the node; a later one of the same name counts. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Another build of the node. */
  readonly entry?: string
}

/** A process of the cluster on a machine of its own. */
export interface LabNode {
  readonly role: 'proxy' | 'target'
  readonly machine: number
  /** Public URL. */
  readonly url: string
  readonly home: string
  readonly confdir: string
  /** Folders of the disks; none at a gateway. */
  readonly disks: readonly string[]
  /** Resolves when the node serves. @throws Error with its last words when it ended, or did not serve in time */
  start(options?: StartOptions): Promise<void>
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>
  /** Resolves when the process is gone, whoever ended it. */
  gone(): Promise<void>
  /** Stops the process where it stands (SIGSTOP), as a machine that hangs. */
  freeze(): void
  thaw(): void
  isUp(): boolean
  pid(): number | undefined
}

/** Port of every node on its own machine. */
export const nodePort = 8080
const entry = fileURLToPath(new URL('../../node-daemon/src/aisnode.ts', import.meta.url))
/** Time a node has to be part of its cluster, ms, on a machine that is not busy. */
const startMsMax = 40_000

/** What a node says of itself at its start. */
export async function writeLocalConfig(
  home: string,
  hostname: string,
  paths: readonly string[],
): Promise<string> {
  for (const path of [join(home, 'conf'), join(home, 'log'), ...paths]) {
    await mkdir(path, { recursive: true })
  }
  const file = join(home, 'local.json')
  const config = {
    confdir: join(home, 'conf'),
    log_dir: join(home, 'log'),
    fspaths: Object.fromEntries(paths.map((path) => [path, ''])),
    host_net: { hostname, port: String(nodePort) },
  }
  await writeFile(file, JSON.stringify(config))
  return file
}

export interface NodeParts {
  /** How many times longer a start may take. */
  readonly slack: number
  readonly network: Network
  readonly folder: string
  readonly role: 'proxy' | 'target'
  readonly runtime: DaemonRuntime
  readonly machine: number
  readonly joinUrl: string | undefined
  readonly config: string
  readonly env: Readonly<Record<string, string>>
}

export async function createNode(parts: NodeParts): Promise<LabNode> {
  const { network, role, machine } = parts
  const address = network.addressOf(machine)
  const home = join(parts.folder, `${role}-${machine}`)
  const disks = role === 'target' ? [join(home, 'mp1'), join(home, 'mp2')] : []
  const local = await writeLocalConfig(home, address, disks)
  let child: ChildProcess | undefined

  async function start(options: StartOptions = {}): Promise<void> {
    const [command = '', ...prefix] = [...network.on(machine), ...(options.under ?? [])]
    const join = parts.joinUrl === undefined ? [] : [`-join=${parts.joinUrl}`]
    const args = [`-role=${role}`, `-config=${parts.config}`, `-local_config=${local}`, ...join]
    const usual = ['-insecure-no-auth', '-watch_stdin', ...(options.args ?? [])]
    const runtime = runtimeCommand(parts.runtime, options.entry ?? entry, {
      read: [parts.folder],
      write: [home],
    })
    const process_ = spawn(
      command,
      [...prefix, runtime.command, ...runtime.args, ...args, ...usual],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: {
          ...runtime.environment,
          ...process.env,
          NODE_NO_WARNINGS: '1',
          ...parts.env,
          ...options.env,
        },
      },
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
      const limitMs = startMsMax * parts.slack
      const late = setTimeout(() => {
        process_.kill('SIGKILL')
        reject(new Error(`${role}-${machine} does not serve after ${limitMs} ms: ${errors}`))
      }, limitMs)
      process_.stdout.on('data', (chunk: Buffer) => {
        if (!chunk.toString().includes('ready ')) return
        clearTimeout(late)
        resolve()
      })
      process_.once('exit', (code) => {
        clearTimeout(late)
        reject(new Error(`${role}-${machine} ended (${code}): ${errors}`))
      })
    })
  }

  async function gone(): Promise<void> {
    const running = child
    if (running === undefined) return
    await new Promise((resolve) => running.once('exit', resolve))
  }

  return {
    role,
    machine,
    url: `http://${address}:${nodePort}`,
    home,
    confdir: join(home, 'conf'),
    disks,
    start,
    gone,
    async kill() {
      const ended = gone()
      child?.kill('SIGKILL')
      await ended
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    isUp: () => child !== undefined,
    pid: () => child?.pid,
  }
}
