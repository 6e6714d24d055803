import {
  edgeMapBytesMax,
  edgeMapRefreshMs,
  edgeMapTimeoutMs,
} from '@aistore-ts/core/config/edge-limits.ts'
import { type EdgeMap, edgeMapPurpose, parseEdgeMap } from '@aistore-ts/core/edge/edge-map.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { isJsonObject, parseJsonBytes } from '@aistore-ts/core/wire/json.ts'
import type { EdgeKeys } from './edge-keys.ts'
import type { EdgeSettings } from './edge-settings.ts'

/** The cluster as this edge gateway knows it. */
export interface MapSource {
  /** The map, asked for again when it is some seconds old. @throws AisError `ErrNotReady` none that is young enough */
  current(): EdgeMap | Promise<EdgeMap>
  /** The same after asking now, where that was not done within the last moment: something is not in the map. */
  renewed(): Promise<EdgeMap>
  /** Cluster time, ms since the Unix epoch. */
  nowMs(): number
}

export interface MapSourceParts {
  readonly settings: EdgeSettings
  readonly keys: Pick<EdgeKeys, 'isVouched'>
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly call: Platform['call']
}

/** Between two looks for something that is not in the map, ms. */
const renewalMsMin = 20

/** Why a document cannot take the place of the one that is held; `undefined`: it can. */
function faultOf(map: EdgeMap | undefined, held: EdgeMap | undefined, edgeId: string) {
  if (map === undefined) return 'it is no map document'
  if (map.edgeId !== edgeId) return `it is for edge "${map.edgeId}"`
  if (held === undefined) return undefined
  if (map.clusterUuid !== held.clusterUuid) return `it is of cluster "${map.clusterUuid}"`
  const isOlder =
    map.smapVersion < held.smapVersion ||
    map.bmdVersion < held.bmdVersion ||
    map.issuedAtMs < held.issuedAtMs
  return isOlder ? 'it is older than the one in use' : undefined
}

/** Pulls the map from gateways. Nothing is shared between requests but its results: platforms forbid more. */
export function createMapSource({ settings, keys, clock, call }: MapSourceParts): MapSource {
  let held: EdgeMap | undefined
  let triedAt = Number.NEGATIVE_INFINITY
  /** Cluster time less monotonic time; the wall clock's until a document told better. */
  let startMs = clock.now() - clock.monotonic()
  let problem = 'it was not asked for yet'

  const nowMs = () => startMs + clock.monotonic()

  async function pullFrom(origin: string): Promise<EdgeMap> {
    const askedAt = clock.monotonic()
    const target = `/v1/edge/map/${encodeURIComponent(settings.id)}`
    const answer = await call(origin, { method: 'GET', target }, edgeMapTimeoutMs)
    const json = parseJsonBytes(await answer.bytes(edgeMapBytesMax))
    if (answer.status !== 200 || !isJsonObject(json)) {
      throw new AisError('ErrNotReady', `${origin} answers ${answer.status}`)
    }
    const { text, signature } = json
    const isSigned =
      typeof text === 'string' &&
      typeof signature === 'string' &&
      (await keys.isVouched({ text, signature }, edgeMapPurpose))
    if (!isSigned) throw new AisError('ErrNotReady', `${origin}: the cluster does not vouch for it`)
    const map = parseEdgeMap(text)
    const fault = faultOf(map, held, settings.id)
    if (map === undefined || fault !== undefined) {
      throw new AisError('ErrNotReady', `${origin}: ${fault}`)
    }
    // An answer that was kept somewhere tells no time: only the first one, and those that move it on, do.
    if (held === undefined || map.issuedAtMs - askedAt > startMs) startMs = map.issuedAtMs - askedAt
    return map
  }

  async function pull(): Promise<void> {
    triedAt = clock.monotonic()
    for (const origin of new Set([...settings.origins, ...(held?.gateways ?? [])])) {
      try {
        held = await pullFrom(origin)
        return
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
      }
    }
  }

  function usable(): EdgeMap {
    if (held !== undefined && nowMs() <= held.notAfterMs) return held
    const what = held === undefined ? 'no map of the cluster' : 'the map of the cluster is too old'
    throw new AisError('ErrNotReady', `edge "${settings.id}": ${what} (${problem})`)
  }

  return {
    nowMs,
    current() {
      const isDue = held === undefined || clock.monotonic() - triedAt > edgeMapRefreshMs
      return isDue ? pull().then(usable) : usable()
    },
    async renewed() {
      if (clock.monotonic() - triedAt > renewalMsMin) await pull()
      return usable()
    },
  }
}
