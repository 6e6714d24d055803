import { toBase64 } from '../algorithms/base64.ts'
import { utf8Encode } from '../algorithms/utf8.ts'
import { type Bmd, listBuckets, removeBucket } from '../bucket/bmd.ts'
import { type AccessKey, type Credentials, usableKey } from '../cluster/credentials.ts'
import type { EnrolledEdge } from '../cluster/enrolled-edge.ts'
import { edgeCredentialsAgeMaxMs, edgeDateKeyDays } from '../config/edge-limits.ts'
import { AisError, isAisError } from '../errors/ais-error.ts'
import type { NodeContext } from '../node/node-context.ts'
import { type DateKeys, type EdgeCredentials, edgeCredentialsText } from './edge-credentials.ts'
import { edgeRoot } from './edge-root.ts'
import { hpkeSeal } from './hpke.ts'
import { edgeCredentialsPurpose, type SealedText } from './sealed-text.ts'

const dayMs = 86_400_000
const ephemeralBytes = 32

/** Days that signatures of now may be of, `yyyymmdd`: the past ones of presigned URLs, and tomorrow. */
function daysAbout(nowMs: number): readonly string[] {
  const count = edgeDateKeyDays + 2
  return Array.from({ length: count }, (_unused, at) => {
    const date = new Date(nowMs + (at - edgeDateKeyDays) * dayMs)
    return date.toISOString().slice(0, 10).replaceAll('-', '')
  })
}

/** What the secret of a key is good for; `undefined`: it cannot be had here, and calls signed with it are a gateway's. */
function daysOfKey({ keyRing }: NodeContext, key: AccessKey, days: readonly string[]) {
  const keys = new Map<string, Uint8Array>()
  try {
    for (const day of days) {
      const dateKey = keyRing.dateKey(key, day)
      if (dateKey === undefined) return undefined
      keys.set(day, dateKey)
    }
  } catch (error) {
    if (isAisError(error, 'ErrNotReady')) return undefined
    throw error
  }
  return keys
}

function visibleBuckets(bmd: Bmd, { buckets }: EnrolledEdge): Bmd {
  if (buckets.length === 0) return bmd
  const hidden = listBuckets(bmd).filter(({ bck }) => !buckets.includes(bck.name))
  return hidden.reduce((left, { bck }) => removeBucket(left, bck), bmd)
}

/** What `edge` may know of users, keys and buckets, as it stands now. */
export function edgeCredentialsFor(node: NodeContext, edge: EnrolledEdge): EdgeCredentials {
  const { metadata, time } = node
  const issuedAtMs = Math.round(time.now())
  const days = daysAbout(issuedAtMs)
  const all = metadata.credentials()
  const keys = new Map<string, AccessKey>()
  const dateKeys = new Map<string, ReadonlyMap<string, Uint8Array>>()
  for (const id of all.keys.keys()) {
    const key = usableKey(all, id, issuedAtMs)
    const ofDays = key && daysOfKey(node, key, days)
    if (key === undefined || ofDays === undefined) continue
    keys.set(id, { ...key, sealed: { by: '', box: '' } })
    dateKeys.set(id, ofDays)
  }
  const credentials: Credentials = { ...all, keys, edges: new Map() }
  const { client_auth_required } = metadata.config().auth
  return {
    clusterUuid: metadata.smap().uuid,
    edgeId: edge.id,
    issuedAtMs,
    notAfterMs: issuedAtMs + edgeCredentialsAgeMaxMs,
    auth: { client_auth_required },
    credentials,
    dateKeys: dateKeys satisfies DateKeys,
    bmd: visibleBuckets(metadata.bmd(), edge),
  }
}

/**
 * The credentials document of `edge`, signed by the cluster, and sealed so that nobody but the edge can read it.
 * @throws AisError `ErrNotReady` no key to sign with; `ErrForbidden` the edge's key is none to seal for
 */
export function sealedEdgeCredentials(node: NodeContext, edge: EnrolledEdge): SealedText {
  const { crypto, random } = node.platform
  const text = edgeCredentialsText(edgeCredentialsFor(node, edge))
  const { privateKey } = edgeRoot(node)
  const signature = crypto.ed25519Sign(privateKey, utf8Encode(edgeCredentialsPurpose + text))
  const plain = JSON.stringify({ text, signature: toBase64(signature) })
  const box = hpkeSeal(
    crypto,
    random.bytes(ephemeralBytes),
    edge.exchangeKey,
    utf8Encode(edgeCredentialsPurpose + edge.id),
    utf8Encode(plain),
  )
  if (box === undefined) {
    throw new AisError('ErrForbidden', `edge "${edge.id}": its public key is of low order`)
  }
  return { enc: toBase64(box.enc), sealed: toBase64(box.sealed) }
}
