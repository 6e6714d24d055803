import type { TlsFiles } from './files/certificate.ts'

/** What `aisnode` was asked to do. Names are upstream's; one dash or two. @see AIStore ais/daemon.go */
export interface AisnodeOptions {
  readonly role: 'proxy' | 'target'
  readonly config: string
  readonly localConfig: string
  /** Settings for this node alone. */
  readonly configCustom: readonly (readonly [name: string, value: string])[]
  /** `configCustom` is not to outlive the process. */
  readonly transient: boolean
  readonly daemonId: string | undefined
  readonly joinUrl: string | undefined
  /** Targets the first gateway waits for. */
  readonly targetsExpected: number | undefined
  /** Never leads, as a gateway. */
  readonly nonElectable: boolean
  /** Waits out of the map for an administrator, as long as it is in no cluster. */
  readonly standby: boolean
  /** Serves S3 at the root of this port as well, as a gateway. */
  readonly s3Port: number | undefined
  /** Files for HTTPS on every network, in place of `net.http`. */
  readonly tls: TlsFiles | undefined
  readonly logToStderr: boolean
  readonly insecureNoAuth: boolean
  /** Stop when standard input ends: the launcher is gone. */
  readonly watchStdin: boolean
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A command line or environment that says nothing we can do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `aisnode: a node of an AIStore cluster

  aisnode -role=proxy|target -config=FILE -local_config=FILE [options]

  -role ROLE             proxy (gateway) or target (storage)
  -config FILE           cluster configuration (JSON), needed for the first start
  -local_config FILE     this node's own configuration (JSON): folders, addresses, mountpaths
  -config_custom K=V,..  settings for this node alone, comma-separated; kept for later starts
  -transient             do not keep -config_custom
  -daemon_id ID          node ID of the first start; kept afterwards
  -join URL              public address of a gateway to join through (default: proxy.primary_url)
  -ntargets N            targets the first gateway waits for (up to timeout.startup_time) before it serves
  -standby               wait, without joining, until an administrator takes the node into the cluster
  -non_electable         a gateway that serves all calls and never leads
  -s3_port N             a gateway serves S3 at the root of this port (and below /s3 of its public one always)
  -tls_cert FILE         certificate (PEM) for HTTPS on every network, in place of net.http.server_crt
  -tls_key FILE          its key
  -tls_ca FILE           authority that signed the certificates of other nodes and of clients
  -skip_startup          wait for no targets
  -alsologtostderr       log to standard error as well
  -insecure-no-auth      allow other addresses than loopback while client authentication is off
  -watch_stdin           stop when standard input ends
  -version               print the version
  -help                  print this

Environment, stronger than the files and weaker than options:

  AIS_DAEMON_ID          as -daemon_id
  AIS_PRIMARY_EP         as -join, host[:port] or URL; a gateway's own address makes it the primary
  AIS_NON_ELECTABLE      true: as -non_electable
  AIS_HOST_IP            public address instead of host_net.hostname
  AIS_HOST_PORT          public port instead of host_net.port
  AIS_SCRUB_RATE         what the scrub reads of each mountpath, MiB a second (default 16); 0: no scrub
  AIS_SCRUB_INTERVAL     hours from one scrub of a mountpath to the next (default 168)
`

const withValue = new Set([
  'role',
  'config',
  'local_config',
  'config_custom',
  'daemon_id',
  'join',
  'ntargets',
  's3_port',
  'tls_cert',
  'tls_key',
  'tls_ca',
])
const switches = new Set([
  'transient',
  'skip_startup',
  'standby',
  'non_electable',
  'alsologtostderr',
  'insecure-no-auth',
  'watch_stdin',
  'version',
  'help',
  'h',
])

/** Options by name, without their dashes. @throws UsageError */
function readOptions(args: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    const match = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(arg)
    const name = match?.[1]
    if (name === undefined) throw new UsageError(`unexpected argument "${arg}"`)
    if (switches.has(name)) {
      const value = match?.[2] ?? 'true'
      if (value !== 'true' && value !== 'false') {
        throw new UsageError(`invalid value "${value}" for -${name}`)
      }
      if (value === 'true') found.set(name, value)
      continue
    }
    if (!withValue.has(name)) throw new UsageError(`unknown option -${name}`)
    let value = match?.[2]
    if (value === undefined) {
      at += 1
      value = args[at]
      if (value === undefined) throw new UsageError(`-${name} needs a value`)
    }
    found.set(name, value)
  }
  return found
}

function customPairs(text: string): (readonly [string, string])[] {
  return text
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      if (equals <= 0) throw new UsageError(`-config_custom: expecting name=value (have "${pair}")`)
      return [pair.slice(0, equals), pair.slice(equals + 1)]
    })
}

function parseCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`-${name}: expecting a number (have "${text}")`)
  return Number(text)
}

function parsePort(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new UsageError(`-${name}: expecting a port from 1 to 65535 (have "${text}")`)
}

function tlsFiles(options: ReadonlyMap<string, string>): TlsFiles | undefined {
  const [certificate = '', key = '', authority = ''] = ['tls_cert', 'tls_key', 'tls_ca'].map(
    (name) => options.get(name),
  )
  if (certificate === '' && key === '' && authority === '') return undefined
  if (certificate === '') throw new UsageError('-tls_cert is missing beside -tls_key')
  if (key === '') throw new UsageError('-tls_key is missing beside -tls_cert')
  return { certificate, key, authority }
}

/** `version` and `help` are answered at once; all else makes options. @throws UsageError */
export function parseAisnode(
  args: readonly string[],
  env: Environment,
): AisnodeOptions | 'version' | 'help' {
  if (args.length === 1 && args[0] === 'version') return 'version'
  const options = readOptions(args)
  if (options.has('help') || options.has('h')) return 'help'
  if (options.has('version')) return 'version'
  const role = options.get('role')
  if (role !== 'proxy' && role !== 'target') {
    throw new UsageError(
      role === undefined ? 'missing -role' : `invalid role "${role}": expecting proxy or target`,
    )
  }
  const config = options.get('config') ?? ''
  const localConfig = options.get('local_config') ?? ''
  if (config === '') throw new UsageError('missing -config')
  if (localConfig === '') throw new UsageError('missing -local_config')
  const envId = env.AIS_DAEMON_ID
  return {
    role,
    config,
    localConfig,
    configCustom: customPairs(options.get('config_custom') ?? ''),
    daemonId: options.get('daemon_id') ?? (envId === '' ? undefined : envId),
    transient: options.has('transient'),
    joinUrl: options.get('join'),
    targetsExpected: options.has('skip_startup')
      ? 0
      : parseCount('ntargets', options.get('ntargets')),
    nonElectable: options.has('non_electable') || env.AIS_NON_ELECTABLE === 'true',
    standby: options.has('standby'),
    s3Port: parsePort('s3_port', options.get('s3_port')),
    tls: tlsFiles(options),
    logToStderr: options.has('alsologtostderr'),
    insecureNoAuth: options.has('insecure-no-auth'),
    watchStdin: options.has('watch_stdin'),
  }
}
