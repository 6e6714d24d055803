import { rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { localConfigToJson } from '@aistore-ts/core/config/local-config.ts'
import { stringifyJson } from '@aistore-ts/core/wire/json.ts'
import type { DaemonRuntime } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { type CertificateFiles, openCertificate, type TlsFiles } from '../files/certificate.ts'
import { lockFolder } from '../files/folder-lock.ts'
import { makeFolder } from '../files/make-folder.ts'
import { loadSealingKey, sealingKeyFile } from '../files/sealing-key.ts'
import {
  type ClusterShape,
  keepShape,
  makeFolders,
  nodeLocalConfig,
  ShapeMismatch,
  settleShape,
} from '../server/cluster-layout.ts'
import { temporaryFolder } from '../server/temporary-folder.ts'
import { announce, loadDurability } from './announce.ts'
import { type AskCluster, createAskCluster } from './ask-cluster.ts'
import { firstPair, type KeyPair } from './key-pair.ts'
import { type NodeProcess, startNodeProcess } from './node-process.ts'
import {
  type LauncherOptions,
  type LauncherRuntime,
  parseLauncherOptions,
  UsageError,
  usage,
} from './options.ts'

const defaults: ClusterShape = { proxies: 1, targets: 3, mountpaths: 2 }

/** Time a node has to stop by itself, ms. With what follows it stays below the 10 s a user is promised. */
const stopMs = 8_000

/** Something the user can mend: printed as it is, without a trace. */
class StartError extends Error {
  override readonly name = 'StartError'
}

function runtimeOf(
  choice: LauncherRuntime,
  role: 'proxy' | 'target',
  index: number,
): DaemonRuntime {
  if (choice === 'deno') return role === 'proxy' ? 'deno' : 'node'
  if (choice !== 'mixed') return choice
  const turn: readonly DaemonRuntime[] =
    role === 'proxy' ? ['node', 'deno', 'bun'] : ['node', 'bun']
  return turn[index % turn.length] ?? 'node'
}

/** Whether somebody listens there already. */
function isTaken(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
}

async function checkPorts(first: number, count: number, option = '--port'): Promise<void> {
  const ports = Array.from({ length: count }, (_, i) => first + i)
  if ((ports.at(-1) ?? first) > 65_535) {
    throw new StartError(
      `Port ${first} leaves no room for ${count} nodes: choose a lower one with ${option} N.`,
    )
  }
  const taken = await Promise.all(ports.map(isTaken))
  const at = taken.indexOf(true)
  if (at < 0) return
  throw new StartError(
    `Port ${first + at} is taken by another program. Choose another first port: npm start -- ${option} ${first + 1000}`,
  )
}

const usualS3Port = 9_000

/**
 * First port of S3 at the root, `undefined` for none.
 * @throws StartError when the ports that were asked for are taken
 */
async function settleS3Port(
  asked: number | undefined,
  proxies: number,
): Promise<number | undefined> {
  if (asked === 0) return undefined
  if (asked !== undefined) {
    await checkPorts(asked, proxies, '--s3-port')
    return asked
  }
  const ports = Array.from({ length: proxies }, (_, i) => usualS3Port + i)
  const taken = await Promise.all(ports.map(isTaken))
  return taken.includes(true) ? undefined : usualS3Port
}

/** All nodes of this machine seal and open secrets with one key: the user's own, or that of the data folder. */
async function sealingEnvironment(dir: string): Promise<Record<string, string>> {
  await loadSealingKey(dir, process.env, true)
  const { AIS_CREDENTIALS_KEY: text = '', AIS_CREDENTIALS_KEY_FILE: file = '' } = process.env
  return text === '' && file === '' ? { AIS_CREDENTIALS_KEY_FILE: join(dir, sealingKeyFile) } : {}
}

/** Settings that tests alone have, of a new cluster. */
function testSettings(env: NodeJS.ProcessEnv): Record<string, unknown> {
  const { AIS_TEST_DAY_SECONDS: seconds } = env
  return seconds === undefined ? {} : { lifecycle: { day_seconds: Number(seconds) } }
}

function tlsArguments(tls: TlsFiles | undefined): readonly string[] {
  if (tls === undefined) return []
  const { certificate, key, authority } = tls
  const ca = authority === '' ? [] : [`-tls_ca=${authority}`]
  return [`-tls_cert=${certificate}`, `-tls_key=${key}`, ...ca]
}

/** The launcher's own view of the files. @throws AisError naming what does not fit */
async function certificateOf(tls: TlsFiles | undefined): Promise<CertificateFiles | undefined> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  return tls && openCertificate(tls, { client_auth_tls: 0, skip_verify: false }, silent)
}

/** Starts every node and resolves when all of them serve. */
async function startNodes(
  options: LauncherOptions,
  shape: ClusterShape,
  dir: string,
  s3Port: number | undefined,
  started: NodeProcess[],
): Promise<string> {
  const { tls } = options
  const scheme = tls === undefined ? 'http' : 'https'
  const endpoint = `${scheme}://127.0.0.1:${options.port}`
  const environment = await sealingEnvironment(dir)
  // Where the first gateway finds its cluster when its folder is lost.
  const discovery = shape.proxies > 1 ? `${scheme}://127.0.0.1:${options.port + 1}` : ''
  const clusterFile = join(dir, 'cluster-config.json')
  await writeFile(
    clusterFile,
    stringifyJson({
      proxy: { primary_url: endpoint, original_url: endpoint, discovery_url: discovery },
      write_policy: { durability: options.durability ?? 'process' },
      ...testSettings(process.env),
    }),
  )
  let port = options.port
  const start = async (role: 'proxy' | 'target', index: number): Promise<NodeProcess> => {
    const local = nodeLocalConfig(dir, role, index, { port: port++, mountpaths: shape.mountpaths })
    await makeFolders(local)
    const localFile = join(local.confdir, 'local-config.json')
    await writeFile(localFile, stringifyJson(localConfigToJson(local)))
    const node = startNodeProcess({
      name: `${role} ${index + 1}`,
      runtime: runtimeOf(options.runtime, role, index),
      args: [
        `-role=${role}`,
        `-config=${clusterFile}`,
        `-local_config=${localFile}`,
        `-join=${endpoint}`,
        ...tlsArguments(tls),
        ...(role === 'proxy' && s3Port !== undefined ? [`-s3_port=${s3Port + index}`] : []),
      ],
      dir,
      readable:
        tls === undefined
          ? []
          : Object.values(tls)
              .filter((path) => path !== '')
              .map(dirname),
      environment,
    })
    started.push(node)
    return node
  }
  for (let index = 0; index < shape.proxies; index++) await start('proxy', index)
  for (let index = 0; index < shape.targets; index++) await start('target', index)
  await Promise.all(started.map((node) => node.ready))
  return endpoint
}

/** Stops what runs: asks first, and after a while insists. Gateways go last, so that nobody is sent to a dead target. */
async function stopNodes(nodes: readonly NodeProcess[]): Promise<void> {
  for (const node of nodes) node.terminate()
  const insist = setTimeout(() => {
    for (const node of nodes) node.kill()
  }, stopMs)
  await Promise.all(nodes.map((node) => node.gone))
  clearTimeout(insist)
}

async function main(): Promise<void> {
  const startedAt = performance.now()
  const options = parseLauncherOptions(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(usage)
    return
  }
  const dir = options.memory ? await temporaryFolder() : resolve(options.dir)
  if (options.memory) process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
  await makeFolder(dir).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new StartError(`The data folder ${dir} cannot be made: ${why}`)
  })
  const lock = await lockFolder(dir)
  if (lock === undefined) {
    throw new StartError(
      `The data folder ${dir} is in use: a cluster is running on it. Stop that one, or choose another folder with --data.`,
    )
  }
  const { proxies, targets, mountpaths } = options
  const shape = await settleShape(
    dir,
    {
      ...(proxies === undefined ? {} : { proxies }),
      ...(targets === undefined ? {} : { targets }),
      ...(mountpaths === undefined ? {} : { mountpaths }),
    },
    defaults,
  )
  await checkPorts(options.port, shape.proxies + shape.targets)
  const s3Port = await settleS3Port(options.s3Port, shape.proxies)
  await keepShape(dir, shape)

  const nodes: NodeProcess[] = []
  let stopping: Promise<void> | undefined
  const stop = (code: number) => {
    stopping ??= stopNodes(nodes).then(() => process.exit(code))
  }
  process.on('SIGINT', () => stop(0))
  process.on('SIGTERM', () => stop(0))
  process.on('SIGHUP', () => stop(0))

  let endpoint: string
  let ask: AskCluster
  let pair: KeyPair | undefined
  try {
    endpoint = await startNodes(options, shape, dir, s3Port, nodes)
    ask = createAskCluster(endpoint, await certificateOf(options.tls))
    pair = await firstPair(ask, options.credentials)
  } catch (error) {
    if (stopping !== undefined) return
    stopping = stopNodes(nodes)
    await stopping
    throw new StartError(error instanceof Error ? error.message : String(error))
  }
  let left = nodes.length
  for (const node of nodes) {
    node.gone.then(() => {
      if (stopping !== undefined) return
      process.stderr.write(`${node.name} is gone; see its log in ${dir}\n${node.lastWords()}\n`)
      left -= 1
      if (left > 0) return
      process.stderr.write('All nodes are gone: the cluster was shut down.\n')
      process.exit(0)
    })
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const s3 =
    s3Port === undefined ? `${endpoint}/s3` : `${new URL(endpoint).protocol}//127.0.0.1:${s3Port}`
  const durability = await loadDurability(ask)
  const credentials = options.credentials ?? pair
  process.stdout.write(
    announce({ endpoint, s3, credentials, shape, dir, durability, asked: options.durability }),
  )
  process.stdout.write(`Started in ${seconds} s.\n`)
}

main().catch((error: unknown) => {
  const known =
    error instanceof UsageError || error instanceof StartError || error instanceof ShapeMismatch
  if (known) process.stderr.write(`${error.message}\n`)
  else
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`)
  process.exit(error instanceof UsageError ? 2 : 1)
})
