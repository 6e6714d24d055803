import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defaultClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { type FolderLock, lockFolder } from '../files/folder-lock.ts'
import { loadSealingKey } from '../files/sealing-key.ts'
import { type RunningNode, runNode } from '../node/run-node.ts'
import {
  type ClusterShape,
  keepShape,
  makeFolders,
  nodeLocalConfig,
  settleShape,
} from './cluster-layout.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface StartServerOptions extends Partial<ClusterShape> {
  /** Folder for the data; without it a folder in memory (tmpfs) where there is one, gone when the server stops. */
  readonly dir?: string
  /** Port of the first gateway; 0, the default, takes a free one. */
  readonly port?: number
  /** Port of the first gateway for S3 at the root; 0, the default, takes a free one. */
  readonly s3Port?: number
  /** Cluster settings in upstream's JSON shape. */
  readonly config?: unknown
  /** What the nodes run on; this runtime's own by default. */
  readonly platform?: Platform
}

/** A whole cluster inside this process. */
export interface Server {
  /** URL of the first gateway. */
  readonly endpoint: string
  /** URL of S3 at the root, at the first gateway. */
  readonly s3Endpoint: string
  readonly proxies: readonly RunningNode[]
  readonly targets: readonly RunningNode[]
  readonly dir: string
  stop(): Promise<void>
}

/**
 * Starts gateways and targets in this process and resolves when all of them serve.
 * @throws Error when the folder is in use, ShapeMismatch when it was made for another number of targets or mountpaths
 */
export async function startServer(options: StartServerOptions = {}): Promise<Server> {
  const temporary = options.dir === undefined
  const dir = options.dir === undefined ? await temporaryFolder() : resolve(options.dir)
  const lock = await lockFolder(dir)
  if (lock === undefined) throw new Error(`The data folder ${dir} is in use by another cluster.`)
  const running: RunningNode[] = []
  try {
    const { proxies, targets, mountpaths } = options
    const asked: Partial<ClusterShape> = {
      ...(proxies === undefined ? {} : { proxies }),
      ...(targets === undefined ? {} : { targets }),
      ...(mountpaths === undefined ? {} : { mountpaths }),
    }
    const shape = await settleShape(dir, asked, { proxies: 1, targets: 1, mountpaths: 1 })
    await keepShape(dir, shape)
    const platform = options.platform ?? (await createPlatform())
    const config = defaultClusterConfig(options.config ?? {})
    const sealingKey = await loadSealingKey(dir, {}, true)
    let endpoint: string | undefined
    const start = async (role: 'proxy' | 'target', index: number) => {
      const port = role === 'proxy' && index === 0 ? (options.port ?? 0) : 0
      const local = nodeLocalConfig(dir, role, index, { port, mountpaths: shape.mountpaths })
      await makeFolders(local)
      const s3Port = role === 'target' ? undefined : index === 0 ? (options.s3Port ?? 0) : 0
      const own = { joinUrl: endpoint, sealingKey: role === 'proxy' ? sealingKey : undefined }
      const node = await runNode({ role, platform, local, config, s3Port, ...own })
      running.push(node)
      return node
    }
    const first = await start('proxy', 0)
    endpoint = first.snode.publicNet.url
    for (let index = 1; index < shape.proxies; index++) await start('proxy', index)
    for (let index = 0; index < shape.targets; index++) await start('target', index)
    await Promise.all(running.filter((node) => !node.standsAside()).map(({ joined }) => joined))
    return {
      endpoint,
      s3Endpoint: first.s3Url ?? `${endpoint}/s3`,
      proxies: running.filter((node) => node.snode.daemonType === 'proxy'),
      targets: running.filter((node) => node.snode.daemonType === 'target'),
      dir,
      stop: () => stopAll(running, lock, temporary ? dir : undefined),
    }
  } catch (error) {
    await stopAll(running, lock, temporary ? dir : undefined)
    throw error
  }
}

const graceMs = 1_000

async function stopAll(
  nodes: readonly RunningNode[],
  lock: FolderLock,
  temporaryDir: string | undefined,
): Promise<void> {
  await Promise.all(nodes.map((node) => node.stop({ graceMs, withCluster: true })))
  await lock.release()
  if (temporaryDir !== undefined) await rm(temporaryDir, { recursive: true, force: true })
}
