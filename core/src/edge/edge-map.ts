import { isJsonObject, type JsonValue, parseJson } from '../wire/json.ts'

/** Begins what is signed, so that a signature for this is one for nothing else. */
export const edgeMapPurpose = 'ais-edge-map-v1\n'

/** A target as an edge sees it. */
export interface EdgeTarget {
  readonly id: string
  /** Of its public network. */
  readonly url: string
  /** X25519 public key, base64. */
  readonly key: string
}

/** What an edge gateway knows of a cluster. */
export interface EdgeMap {
  readonly clusterUuid: string
  /** Whom it was made for. */
  readonly edgeId: string
  readonly access: 'ro' | 'rw'
  readonly smapVersion: number
  readonly bmdVersion: number
  /** Cluster time, ms since the Unix epoch. */
  readonly issuedAtMs: number
  readonly notAfterMs: number
  /** Those that own objects. */
  readonly targets: readonly EdgeTarget[]
  /** Public URLs, the primary's last: it has enough to do. */
  readonly gateways: readonly string[]
  /** Buckets of the global `ais://` namespace that anybody may read and write: name, and ID in base 36. */
  readonly buckets: ReadonlyMap<string, string>
}

/** A text and its Ed25519 signature, base64. */
export interface SignedText {
  readonly text: string
  readonly signature: string
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value)

function targetOf(value: JsonValue): EdgeTarget | undefined {
  if (!isJsonObject(value)) return undefined
  const { id, url, key } = value
  return isText(id) && isText(url) && isText(key) ? { id, url, key } : undefined
}

function allOf<T>(value: JsonValue | undefined, read: (item: JsonValue) => T | undefined) {
  if (!Array.isArray(value)) return undefined
  const items = value.map(read)
  const whole = items.filter((item) => item !== undefined)
  return whole.length === items.length ? whole : undefined
}

function bucketOf(value: JsonValue): readonly [string, string] | undefined {
  if (!Array.isArray(value)) return undefined
  const [name, bid] = value
  return isText(name) && isText(bid) ? [name, bid] : undefined
}

/** What `edgeMapText` wrote; `undefined` for anything else. */
export function parseEdgeMap(text: string): EdgeMap | undefined {
  const json = parseJson(text)
  if (!isJsonObject(json)) return undefined
  const { clusterUuid, edgeId, access, smapVersion, bmdVersion, issuedAtMs, notAfterMs } = json
  const targets = allOf(json.targets, targetOf)
  const gateways = allOf(json.gateways, (url) => (isText(url) ? url : undefined))
  const buckets = allOf(json.buckets, bucketOf)
  if (!isText(clusterUuid) || !isText(edgeId) || (access !== 'ro' && access !== 'rw'))
    return undefined
  if (!isCount(smapVersion) || !isCount(bmdVersion)) return undefined
  if (!isCount(issuedAtMs) || !isCount(notAfterMs)) return undefined
  if (targets === undefined || gateways === undefined || buckets === undefined) return undefined
  const versions = { smapVersion, bmdVersion, issuedAtMs, notAfterMs }
  return { clusterUuid, edgeId, access, ...versions, targets, gateways, buckets: new Map(buckets) }
}

/** The text that is signed. */
export function edgeMapText(map: EdgeMap): string {
  return JSON.stringify({ ...map, buckets: [...map.buckets] })
}
