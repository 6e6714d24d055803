import {
  edgeCredentialsBytesMax,
  edgeCredentialsRefreshMs,
  edgeMapAgeMaxMs,
  edgeMapTimeoutMs,
} from '@aistore-ts/core/config/edge-limits.ts'
import {
  type EdgeCredentials,
  parseEdgeCredentials,
} from '@aistore-ts/core/edge/edge-credentials.ts'
import type { EdgeMap } from '@aistore-ts/core/edge/edge-map.ts'
import { edgeCredentialsPurpose } from '@aistore-ts/core/edge/sealed-text.ts'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { isJsonObject, parseJsonBytes } from '@aistore-ts/core/wire/json.ts'
import type { EdgeKeys } from './edge-keys.ts'

/** Who may do what, as this edge gateway knows it; in memory only. */
export interface CredentialsSource {
  /**
   * The document, asked for again when it is some seconds old.
   * @returns `undefined` when there is none for this cluster that buckets may still be judged by
   */
  current(map: EdgeMap): Promise<EdgeCredentials | undefined>
}

export interface CredentialsSourceParts {
  readonly edgeId: string
  readonly keys: Pick<EdgeKeys, 'isVouched' | 'open'>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly call: Platform['call']
  /** Cluster time, ms since the Unix epoch. */
  nowMs(): number
}

/** Whether a document can take the place of the one that is held. */
function follows(next: EdgeCredentials, held: EdgeCredentials | undefined): boolean {
  if (held === undefined || held.clusterUuid !== next.clusterUuid) return true
  return (
    next.credentials.version >= held.credentials.version &&
    next.bmd.version >= held.bmd.version &&
    next.issuedAtMs >= held.issuedAtMs
  )
}

/** Pulls the credentials document from gateways of the map. */
export function createCredentialsSource(parts: CredentialsSourceParts): CredentialsSource {
  const { edgeId, keys, clock, call, nowMs } = parts
  let held: EdgeCredentials | undefined
  let triedAt = Number.NEGATIVE_INFINITY

  /** `undefined`: what the gateway gave is no document for this edge, or not the cluster's. */
  async function pullFrom(origin: string): Promise<EdgeCredentials | undefined> {
    const target = `/v1/edge/credentials/${encodeURIComponent(edgeId)}`
    const answer = await call(origin, { method: 'GET', target }, edgeMapTimeoutMs)
    const json = parseJsonBytes(await answer.bytes(edgeCredentialsBytesMax))
    if (answer.status !== 200 || !isJsonObject(json)) return undefined
    const { enc, sealed } = json
    if (typeof enc !== 'string' || typeof sealed !== 'string') return undefined
    const plain = await keys.open({ enc, sealed })
    const signed = plain && parseJsonBytes(plain)
    if (!isJsonObject(signed)) return undefined
    const { text, signature } = signed
    if (typeof text !== 'string' || typeof signature !== 'string') return undefined
    const isVouched = await keys.isVouched({ text, signature }, edgeCredentialsPurpose)
    return isVouched ? parseEdgeCredentials(text) : undefined
  }

  async function pull({ gateways, clusterUuid }: EdgeMap): Promise<void> {
    triedAt = clock.monotonic()
    for (const origin of gateways) {
      try {
        const next = await pullFrom(origin)
        const isOurs = next?.edgeId === edgeId && next.clusterUuid === clusterUuid
        if (!isOurs || !follows(next, held)) continue
        held = next
        return
      } catch (error) {
        // Another gateway may have it: this one is away, or says what is no JSON.
        if (!isAisError(error)) throw error
      }
    }
  }

  return {
    async current(map) {
      if (clock.monotonic() - triedAt > edgeCredentialsRefreshMs) await pull(map)
      if (held === undefined || held.clusterUuid !== map.clusterUuid) return undefined
      return nowMs() <= held.issuedAtMs + edgeMapAgeMaxMs ? held : undefined
    },
  }
}
