import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run-program.ts'

const launcher = fileURLToPath(new URL('../../node-daemon/src/launcher/main.ts', import.meta.url))
const program = fileURLToPath(new URL('../../cli/bin/ais.mjs', import.meta.url))

/** A user of S3 and a key pair of it. */
export interface S3User {
  readonly id: string
  readonly canonicalId: string
  readonly displayName: string
  readonly email: string
  readonly accessKey: string
  readonly secretKey: string
}

/** A cluster of processes, as a user starts one. */
export interface LaunchedCluster {
  /** Data and logs of all nodes. */
  readonly dir: string
  readonly endpoint: string
  /** Port of S3 at the root. */
  readonly s3Port: number
  /** Runs the `ais` command; what it printed. @throws Error when it fails */
  readonly ais: (...args: readonly string[]) => Promise<string>
  /** Makes a user with a key pair, by the `ais` command. */
  readonly makeUser: (id: string) => Promise<S3User>
  readonly stop: () => Promise<void>
}

function ready(child: ChildProcess): Promise<void> {
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('AIStore is ready')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`the cluster did not start: ${said}`)))
  })
}

/**
 * Starts a cluster of processes with data of its own, gone when it stops.
 * @param port of the first gateway; S3 at the root is 100 above it
 */
export async function launchCluster(
  port: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<LaunchedCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'aistore-stock-'))
  const endpoint = `http://127.0.0.1:${port}`
  const s3Port = port + 100
  const ports = ['--port', String(port), '--s3-port', String(s3Port)]
  const child = spawn(
    process.execPath,
    [launcher, '--data', join(dir, 'data'), ...ports, '--targets', '2'],
    {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const own = { AIS_ENDPOINT: endpoint, AIS_CLI_CONFIG_DIR: join(dir, 'cli') }

  async function ais(...words: readonly string[]): Promise<string> {
    const { code, out, err } = await run(process.execPath, [program, ...words], {
      environment: own,
    })
    if (code !== 0) throw new Error(`ais ${words.join(' ')}: ${err}`)
    return out
  }

  async function makeUser(id: string): Promise<S3User> {
    const displayName = `${id} of tests`
    const email = `${id}@example.org`
    await ais('s3', 'user', 'create', id, '--display-name', displayName, '--email', email)
    const { accessKey, secretKey } = JSON.parse(await ais('s3', 'key', 'create', id, '--json'))
    const users: { id: string; canonicalId: string }[] = JSON.parse(
      await ais('s3', 'user', 'ls', '--json'),
    )
    const canonicalId = users.find((user) => user.id === id)?.canonicalId ?? ''
    return { id, canonicalId, displayName, email, accessKey, secretKey }
  }

  async function stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    })
    await rm(dir, { recursive: true, force: true })
  }

  try {
    await ready(child)
    return { dir, endpoint, s3Port, ais, makeUser, stop }
  } catch (error) {
    await rm(dir, { recursive: true, force: true })
    throw error
  }
}
