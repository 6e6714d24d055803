import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { TlsFiles } from '../files/certificate.ts'

/** Which runtimes run the nodes: all Node, all Bun, or a bit of each. */
export type LauncherRuntime = 'node' | 'bun' | 'deno' | 'mixed'

/** How much an acknowledged write survives. */
export type LauncherDurability = 'process' | 'disk'

export interface LauncherOptions {
  readonly proxies: number | undefined
  readonly targets: number | undefined
  readonly mountpaths: number | undefined
  readonly dir: string
  /** The data folder is a temporary one, in memory where there is one, and goes with the cluster. */
  readonly memory: boolean
  readonly port: number
  /** Absent: the usual one, if it is free. 0: none. */
  readonly s3Port: number | undefined
  readonly runtime: LauncherRuntime
  /** File that the first key pair is in, or is written to. */
  readonly credentials: string | undefined
  /** For a new cluster. */
  readonly durability: LauncherDurability | undefined
  /** PEM files; absent: plain HTTP. */
  readonly tls: TlsFiles | undefined
}

/** A command line that makes no sense; `message` says which part. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `Starts an AIStore cluster on this machine (loopback).

  npm start -- [options]

  --proxies N        gateways (1)
  --targets N        storage targets (3)
  --mountpaths N     mountpaths (disks) of each target (2)
  --data DIR         data folder (./ais-data)
  --memory           a data folder in memory instead, gone when the cluster stops
  --port N           port of the first gateway (8080); the other nodes follow it
  --s3-port N        port of S3 at the root, at the first gateway; those of the others follow it (9000 when it is free;
                     0: none, S3 is below /s3 of every gateway in any case)
  --credentials FILE key pair of the S3 user "admin" in the form of the AWS tools, mode 0600; written when it is not
                     there (without: a new cluster prints one, once)
  --runtime NAME     node, bun, deno or mixed (node): deno runs the gateways, with targets on Node;
                     mixed puts gateways on Node, Deno and Bun, targets on Node and Bun
  --durability NAME  process (survives kill -9) or disk (survives power loss) for a new cluster (process)
  --tls-cert FILE    certificate (PEM) for HTTPS on every port, good for 127.0.0.1; read again when it is replaced
  --tls-key FILE     its key
  --tls-ca FILE      authority that signed it, where the system does not know it
  --help             print this
`

/** Nodes of one kind at most: ports and processes of one machine. */
const nodesMax = 64

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > nodesMax) {
    throw new UsageError(`--${name}: expecting a number from 1 to ${nodesMax} (have "${text}")`)
  }
  return value
}

function oneOf<T extends string>(name: string, text: string, among: readonly T[]): T {
  const found = among.find((item) => item === text)
  if (found !== undefined) return found
  throw new UsageError(`--${name}: expecting one of ${among.join(', ')} (have "${text}")`)
}

function portOf(name: string, text: string, least: number): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port >= least && port <= 65_535) return port
  throw new UsageError(`--${name}: expecting a number from ${least} to 65535 (have "${text}")`)
}

function folderOf(text: string): string {
  if (text !== '') return text
  throw new UsageError('--data: expecting a folder (have "")')
}

function tlsOf(
  certificate: string | undefined,
  key: string | undefined,
  authority: string | undefined,
): TlsFiles | undefined {
  if (certificate === undefined && key === undefined && authority === undefined) return undefined
  if (!certificate) throw new UsageError('--tls-cert: expecting a file, beside --tls-key')
  if (!key) throw new UsageError('--tls-key: expecting a file, beside --tls-cert')
  if (authority === '') throw new UsageError('--tls-ca: expecting a file (have "")')
  // Whole paths: nodes may run elsewhere.
  return {
    certificate: resolve(certificate),
    key: resolve(key),
    authority: authority === undefined ? '' : resolve(authority),
  }
}

/** @throws UsageError */
export function parseLauncherOptions(args: readonly string[]): LauncherOptions | 'help' {
  const definition = {
    proxies: { type: 'string' },
    targets: { type: 'string' },
    mountpaths: { type: 'string' },
    data: { type: 'string' },
    memory: { type: 'boolean' },
    port: { type: 'string' },
    's3-port': { type: 'string' },
    runtime: { type: 'string' },
    durability: { type: 'string' },
    credentials: { type: 'string' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-ca': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const
  let values: ReturnType<typeof parseArgs<{ options: typeof definition }>>['values']
  try {
    values = parseArgs({ args: [...args], options: definition, strict: true }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  if (values.help === true) return 'help'
  if (values.memory === true && values.data !== undefined) {
    throw new UsageError('--memory: has a folder of its own, --data says another')
  }
  if (values.credentials === '') throw new UsageError('--credentials: expecting a file (have "")')
  return {
    tls: tlsOf(values['tls-cert'], values['tls-key'], values['tls-ca']),
    credentials: values.credentials,
    proxies: count('proxies', values.proxies),
    targets: count('targets', values.targets),
    mountpaths: count('mountpaths', values.mountpaths),
    dir: folderOf(values.data ?? 'ais-data'),
    memory: values.memory === true,
    port: portOf('port', values.port ?? '8080', 1),
    s3Port: values['s3-port'] === undefined ? undefined : portOf('s3-port', values['s3-port'], 0),
    runtime: oneOf('runtime', values.runtime ?? 'node', ['node', 'bun', 'deno', 'mixed']),
    durability:
      values.durability === undefined
        ? undefined
        : oneOf<LauncherDurability>('durability', values.durability, ['process', 'disk']),
  }
}
