import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  findRuntime,
  type RuntimeName,
  runtimeCommand,
} from '@aistore-ts/runtime-adapters/runtimes.ts'
import { buildEdge } from './edge-bundle.ts'

/** What an edge gateway is told by its environment: `AIS_EDGE_*`. */
export type EdgeVariables = Readonly<Record<string, string>>

/** An edge gateway in a process of its own. */
export interface EdgeProcess {
  readonly endpoint: string
  readonly pid: number
  /** From the start of the process until it listened, ms. */
  readonly tookMs: number
  stop(): Promise<void>
}

/** Bytes of DER before the 32 of an X25519 key: PKCS #8, and SubjectPublicKeyInfo (RFC 8410). */
const privateHeadBytes = 16
const publicHeadBytes = 12

/** workerd wants each variable of its config to be there. */
const unset = { AIS_EDGE_HOSTS: '', AIS_EDGE_REACH: 'targets', AIS_EDGE_CACHE: 'validate' } as const

const serving = fileURLToPath(new URL('../deploy/edge/serve.ts', import.meta.url))
const config = fileURLToPath(new URL('../deploy/edge/config.capnp', import.meta.url))
const bundle = fileURLToPath(new URL('../dist/edge/worker.js', import.meta.url))

/** An X25519 key pair, base64. */
export function newKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  return {
    privateKey: pkcs8.subarray(privateHeadBytes).toString('base64'),
    publicKey: spki.subarray(publicHeadBytes).toString('base64'),
  }
}

/**
 * Enrols an edge gateway at a cluster.
 * @param more fields of the enrolment: `access`, `buckets`, `url`
 * @returns what it is to be started with
 */
export async function enrolEdge(
  gateway: string,
  id: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<EdgeVariables> {
  const { privateKey, publicKey } = newKeyPair()
  const answer = await fetch(`${gateway}/v1/credentials/edges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, public_key: publicKey, access: 'rw', ...more }),
  })
  if (!answer.ok) throw new Error(`edge "${id}": ${answer.status} ${await answer.text()}`)
  const { root } = await answer.json()
  return {
    AIS_EDGE_ID: id,
    AIS_EDGE_KEY: privateKey,
    AIS_EDGE_ROOT: String(root),
    AIS_EDGE_ORIGINS: gateway,
  }
}

/** The process, and what becomes its port: workerd says it on descriptor 3, the others on standard output. */
async function spawned(runtime: RuntimeName, variables: EdgeVariables, port: number) {
  const environment = { ...unset, ...variables }
  if (runtime !== 'workerd') {
    const { command, args, environment: own } = runtimeCommand(runtime, serving)
    const env = { ...process.env, ...own, ...environment, AIS_EDGE_PORT: String(port) }
    const startedAt = performance.now()
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    return { child, startedAt, told: child.stdout, pattern: /at http:\/\/[^ ]*:(\d+)\n/ }
  }
  const found = findRuntime('workerd')
  if (!found.found) throw new Error(found.reason)
  await buildEdge(bundle)
  const args = ['serve', '--control-fd=3', `--socket-addr=http=127.0.0.1:${port}`, config]
  const startedAt = performance.now()
  const child = spawn(found.path, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  return {
    child,
    startedAt,
    told: child.stdio[3],
    pattern: /"socket":\s*"http"[^}]*"port":\s*(\d+)/,
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** Starts an edge gateway on `port` of loopback, 0 for a free one. @throws Error it does not start, with what it said */
export async function startEdge(
  runtime: RuntimeName,
  variables: EdgeVariables,
  port = 0,
): Promise<EdgeProcess> {
  const { child, startedAt, told, pattern } = await spawned(runtime, variables, port)
  const exited = ended(child)
  let complaints = ''
  child.stderr?.on('data', (chunk) => {
    complaints = (complaints + String(chunk)).slice(-4_000)
  })
  const bound = await new Promise<number>((resolve, reject) => {
    let said = ''
    told?.on('data', (chunk) => {
      said += String(chunk)
      const found = pattern.exec(said)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${runtime} ended with ${code}: ${complaints}`)))
  })
  return {
    endpoint: `http://127.0.0.1:${bound}`,
    pid: child.pid ?? 0,
    tookMs: performance.now() - startedAt,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
