import { hostname } from 'node:os'
import { join } from 'node:path'

/** What a container is told by its environment. */
export interface ContainerSettings {
  readonly role: 'proxy' | 'target'
  /** Folder that holds `conf`, `log` and the mountpaths. */
  readonly dir: string
  /** Name or address that clients and nodes call. */
  readonly host: string
  readonly port: number
  readonly controlPort: number
  readonly dataPort: number
  /** Of a gateway, for S3 at the root; 0: none. */
  readonly s3Port: number
  readonly mountpaths: readonly string[]
  /** A gateway to join through; the first gateway names itself. */
  readonly primary: string
  /** Whether anybody who reaches the container may call it. */
  readonly open: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

function portOf(name: string, env: Environment, usual: number): number {
  const text = env[name] ?? String(usual)
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port >= 0 && port <= 65_535) return port
  throw new Error(`${name}: expecting a port (have "${text}")`)
}

/** @throws Error naming the variable */
export function readSettings(env: Environment): ContainerSettings {
  const role = env.AIS_ROLE
  if (role !== 'proxy' && role !== 'target') {
    throw new Error(`AIS_ROLE: expecting proxy or target (have "${role ?? ''}")`)
  }
  const dir = env.AIS_CONTAINER_DIR ?? '/ais'
  const named = (env.AIS_MOUNTPATHS ?? 'mp1').split(',').filter((name) => name !== '')
  if (role === 'target' && named.length === 0) {
    throw new Error('AIS_MOUNTPATHS: expecting names of folders, comma-separated (have "")')
  }
  const host = env.AIS_HOST ?? hostname()
  const port = portOf('AIS_PORT', env, 8_080)
  return {
    role,
    dir,
    host,
    port,
    controlPort: portOf('AIS_CONTROL_PORT', env, 9_090),
    dataPort: portOf('AIS_DATA_PORT', env, 10_080),
    s3Port: role === 'proxy' ? portOf('AIS_S3_PORT', env, 9_000) : 0,
    mountpaths: role === 'target' ? named.map((name) => join(dir, name)) : [],
    primary: env.AIS_PRIMARY_EP ?? `http://${host}:${port}`,
    open: env.AIS_INSECURE_NO_AUTH === 'true',
  }
}
