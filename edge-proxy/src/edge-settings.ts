import { fromBase64 } from '@aistore-ts/core/algorithms/base64.ts'
import { type CacheMode, cacheModeOf } from './cache/cache-mode.ts'

/** What an edge gateway is told by whoever deploys it. */
export interface EdgeSettings {
  /** Its ID, as it was enrolled. */
  readonly id: string
  /** Its X25519 private key, 32 bytes. */
  readonly privateKey: Uint8Array
  /** Ed25519 public key of the cluster, 32 bytes: documents of nobody else are believed. */
  readonly root: Uint8Array
  /** Gateways to begin with. */
  readonly origins: readonly string[]
  /** Names beside the loopback ones that `Host` may carry. */
  readonly hosts: ReadonlySet<string>
  /** Whether clients that do not say can reach the targets: they are redirected, others served through the edge. */
  readonly reach: Reach
  /** What becomes of reads that go through it. */
  readonly cache: CacheMode
}

/** What a client can reach: the targets too, or the edge alone. */
export type Reach = 'targets' | 'edge'

type Variables = Readonly<Record<string, unknown>>

const keyBytes = 32

function required(variables: Variables, name: string): string {
  const value = variables[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${name} is missing`)
}

function keyOf(variables: Variables, name: string): Uint8Array {
  const key = fromBase64(required(variables, name).trim())
  if (key?.length === keyBytes) return key
  // The text may be a private key: it is in no message.
  throw new Error(`${name}: expecting ${keyBytes} bytes in base64`)
}

function listOf(text: unknown): readonly string[] {
  const words = typeof text === 'string' ? text.split(',') : []
  return words.map((word) => word.trim()).filter((word) => word !== '')
}

function isPrivate(host: string): boolean {
  if (host === 'localhost' || host === '[::1]' || /^\[f[cd]/.test(host)) return true
  return /^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host)
}

/** Plain HTTP stays within the machine and private ranges. */
export function isSafeOrigin(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && isPrivate(hostname))
}

/** Reads `AIS_EDGE_*`. @throws Error naming the variable */
export function edgeSettings(variables: Variables): EdgeSettings {
  const origins = listOf(required(variables, 'AIS_EDGE_ORIGINS'))
  for (const origin of origins) {
    if (isSafeOrigin(origin)) continue
    throw new Error(`AIS_EDGE_ORIGINS: "${origin}" is no https URL, nor http of a private address`)
  }
  const reach = variables.AIS_EDGE_REACH ?? 'targets'
  if (reach !== 'targets' && reach !== 'edge') {
    throw new Error(`AIS_EDGE_REACH: "${String(reach)}": expecting targets or edge`)
  }
  return {
    id: required(variables, 'AIS_EDGE_ID'),
    privateKey: keyOf(variables, 'AIS_EDGE_KEY'),
    root: keyOf(variables, 'AIS_EDGE_ROOT'),
    origins: origins.map((origin) => origin.replace(/\/+$/, '')),
    hosts: new Set(listOf(variables.AIS_EDGE_HOSTS).map((name) => name.toLowerCase())),
    reach,
    cache: cacheModeOf(variables.AIS_EDGE_CACHE),
  }
}
