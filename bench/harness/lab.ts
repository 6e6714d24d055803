import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runtimeCommand } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { type Cluster, connectCluster, startCluster } from './cluster.ts'
import { type Server, serverCore, startServer } from './command.ts'
import { type Nginx, startNginx } from './nginx.ts'
import { nameOf } from './wrk.ts'

/** A bare server: the runtime's best way to do the same work. */
export interface BareServer extends Server {
  readonly origin: string
}

export type BareKind = 'bun-fast' | 'bun-faithful' | 'node-faithful'

/** Servers and files of one run: started when first asked for, stopped together. */
export interface Lab {
  readonly dir: string
  nginx(): Promise<Nginx>
  bare(kind: BareKind): Promise<BareServer>
  cluster(runtime: 'bun' | 'node'): Promise<Cluster>
  /** The Go original, when the environment names a running endpoint. */
  original(): Promise<Cluster | undefined>
  /** A gateway and three targets on the whole machine. */
  wideCluster(runtime: 'bun' | 'node'): Promise<Cluster>
  /** The same of the Go original, when the environment names it. */
  wideOriginal(): Promise<Cluster | undefined>
  /** As `cluster`, with its data on the disk of the system's temporary folder. */
  diskCluster(runtime: 'bun' | 'node'): Promise<Cluster>
  /** The Go original on one core, its data on that disk, when the environment names it. */
  diskOriginal(): Promise<Cluster | undefined>
  /** A server that a row started for itself: stopped when the row is over. */
  own<T extends Server>(starting: Promise<T>): Promise<T>
  /** A row is over. */
  endRow(): Promise<void>
  /** Makes `count` files of `sizeBytes` for nginx and the bare servers; gives their URL path, with `%NAME%`. */
  files(label: string, count: number, sizeBytes: number): string
  /** A port nobody else of this run has; `count` of them in a row. */
  port(count?: number): number
  close(): Promise<void>
}

/** Names a running endpoint of the Go original, e.g. http://127.0.0.1:51080; its processes are the caller's. */
const originalVariable = 'AISTORE_ORIGINAL_ENDPOINT'

/** Names a running cluster of the original with three targets on the whole machine. */
const wideOriginalVariable = 'AISTORE_ORIGINAL_CLUSTER'

/** Names a running endpoint of the original on one core whose data is on the disk of the system's temporary folder. */
const diskOriginalVariable = 'AISTORE_ORIGINAL_DISK'

/** Where data lies: memory, so that no disk is measured. */
const memoryFolder = '/dev/shm'

/** Opens a laboratory with a folder of its own in memory. Ports go up from `firstPort`. */
export function openLab(firstPort: number): Lab {
  const dir = mkdtempSync(join(memoryFolder, 'hb-bench-'))
  const diskDir = mkdtempSync(join(tmpdir(), 'hb-bench-'))
  const shared = new Map<string, Promise<unknown>>()
  const running: Server[] = []
  const ownOfRow: Server[] = []
  let nextPort = firstPort

  function port(count = 1): number {
    const first = nextPort
    nextPort += count
    return first
  }

  function once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const found = shared.get(key)
    if (found !== undefined) return found as Promise<T>
    const made = make()
    shared.set(key, made)
    return made
  }

  async function keep<T extends Server>(starting: Promise<T>): Promise<T> {
    const server = await starting
    running.push(server)
    return server
  }

  async function startBare(kind: BareKind): Promise<BareServer> {
    const at = port()
    const file = kind === 'bun-fast' ? 'fast' : 'faithful'
    const entry = fileURLToPath(new URL(`../bare/${file}.ts`, import.meta.url))
    const { command, args } = runtimeCommand(kind.startsWith('bun') ? 'bun' : 'node', entry)
    mkdirSync(`${dir}/nginx/files`, { recursive: true })
    const server = await startServer({
      command,
      args: [...args, `${dir}/nginx/files`, String(at)],
      core: serverCore,
      readyText: 'ready ',
    })
    return { origin: `http://127.0.0.1:${at}`, stop: server.stop }
  }

  async function endRow(): Promise<void> {
    await Promise.all(ownOfRow.splice(0).map((server) => server.stop()))
  }

  function connectNamed(variable: string): Promise<Cluster | undefined> {
    const endpoint = process.env[variable]
    if (endpoint === undefined) return Promise.resolve(undefined)
    return once(variable, () => connectCluster(endpoint))
  }

  return {
    dir,
    port,
    async own(starting) {
      const server = await starting
      ownOfRow.push(server)
      return server
    },
    endRow,
    nginx: () => once('nginx', () => keep(startNginx(`${dir}/nginx`, port(2)))),
    bare: (kind) => once(kind, () => keep(startBare(kind))),
    cluster: (runtime) =>
      once(`cluster ${runtime}`, () => keep(startCluster(runtime, `${dir}/${runtime}`, port(8)))),
    original: () => connectNamed(originalVariable),
    wideCluster: (runtime) =>
      once(`wide ${runtime}`, () =>
        keep(startCluster(runtime, `${dir}/wide-${runtime}`, port(8), { targets: 3 })),
      ),
    wideOriginal: () => connectNamed(wideOriginalVariable),
    diskCluster: (runtime) =>
      once(`disk ${runtime}`, () => keep(startCluster(runtime, `${diskDir}/${runtime}`, port(8)))),
    diskOriginal: () => connectNamed(diskOriginalVariable),
    files(label, count, sizeBytes) {
      mkdirSync(`${dir}/nginx/files`, { recursive: true })
      const bytes = Buffer.alloc(sizeBytes, 'x')
      for (let index = 0; index < count; index++) {
        writeFileSync(`${dir}/nginx/files/${label}${nameOf(index)}`, bytes)
      }
      return `/${label}%NAME%`
    },
    async close() {
      await endRow()
      await Promise.all(running.map((server) => server.stop()))
      for (const folder of [dir, diskDir]) rmSync(folder, { recursive: true, force: true })
    },
  }
}
