import { numberOfBase36 } from '../algorithms/short-id.ts'
import { type EnrolledEdge, mayVouch } from '../cluster/enrolled-edge.ts'
import { findNode } from '../cluster/smap.ts'
import type { Snode } from '../cluster/snode.ts'
import { nonceWindowMs, requiresTags } from '../config/redirect-auth.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Reply } from '../ports/call.ts'
import type { TargetNode } from '../target/target.ts'
import { isReading } from '../target/write-fence.ts'
import { queryParam } from '../wire/query-params.ts'
import { isRedirected } from '../wire/redirect.ts'
import { encodePath } from '../wire/target.ts'
import type { PairKeys, PairPeer } from './pair-keys.ts'
import { coveredText, isTagOf } from './redirect-tag.ts'
import type { SpentNonces, TakenNonce } from './spent-nonces.ts'
import { type RedirectedCall, withoutTag } from './tagged-location.ts'

const nsPerMs = 1_000_000

/** The target's side of redirects. */
export interface RedirectCheck {
  readonly pairKeys: PairKeys
  readonly nonces: SpentNonces
  /** When this target forgot the nonces of before, monotonic ms. */
  readonly startedAt: number
}

/** What of a target is looked at. */
export interface AdmittingTarget {
  readonly metadata: Pick<TargetNode['metadata'], 'config' | 'credentials' | 'smap'>
  readonly platform: Pick<TargetNode['platform'], 'crypto'> & {
    readonly clock: Pick<TargetNode['platform']['clock'], 'monotonic'>
  }
  readonly time: Pick<TargetNode['time'], 'now'>
  readonly redirects: RedirectCheck
  self(): Pick<Snode, 'daemonId'>
  refreshMetadata(): Promise<void>
}

/** Who may send clients here: a node of the map, or an edge gateway. */
interface Signer extends PairPeer {
  /** Where it is; empty: not known. */
  readonly url: string
  readonly edge?: EnrolledEdge | undefined
}

function findSigner({ metadata }: AdmittingTarget, id: string): Signer | undefined {
  const node = findNode(metadata.smap(), id)
  if (node !== undefined) {
    return { daemonId: id, exchangeKey: node.exchangeKey, url: node.publicNet.url }
  }
  const edge = metadata.credentials().edges.get(id)
  return edge && { daemonId: id, exchangeKey: edge.exchangeKey, url: edge.url, edge }
}

const refused = (why: string) => new AisError('ErrUnauthorized', `redirect refused: ${why}`)

function hasTag(
  target: AdmittingTarget,
  redirected: RedirectedCall,
  signer: Signer,
  tag: string,
): boolean {
  const text = coveredText({
    signerId: signer.daemonId,
    targetId: target.self().daemonId,
    method: redirected.method,
    path: redirected.target.path,
    query: redirected.target.query,
    headers: redirected.call.headers,
    lengthBytes: redirected.call.body.lengthBytes,
  })
  const { crypto } = target.platform
  for (const key of target.redirects.pairKeys.verifying(signer)) {
    if (isTagOf(crypto.hmacSha256(key, text), tag)) return true
  }
  return false
}

/** Of `/v1/objects/BUCKET/...` and `/s3/BUCKET/...`. */
function bucketIn(path: string): string {
  const [first, second, third] = path.split('/').filter((word) => word !== '')
  return (first === 's3' ? second : third) ?? ''
}

/** A change that was redirected before this target began may have come about before: its gateway makes a new one. */
function backToSigner(redirected: RedirectedCall, signer: Signer): AisError {
  if (signer.url === '') return new AisError('ErrNotReady', 'the target has just been started')
  const { rawQuery } = withoutTag(redirected.target)
  const query = rawQuery === '' ? '' : `?${rawQuery}`
  return new AisError('ErrMovedTo', 'this redirect is older than the target', {
    headers: [
      ['Location', `${signer.url}${encodePath(redirected.target.path)}${query}`],
      ['Cache-Control', 'no-store'],
    ],
  })
}

/** @returns the nonce that a changing call holds until it is over */
function admitFrom(
  target: AdmittingTarget,
  redirected: RedirectedCall,
  signer: Signer,
): TakenNonce | undefined {
  const { query } = redirected.target
  const tag = query.get(queryParam.signature) ?? ''
  if (tag.length === 0) throw refused(`it bears no tag (${queryParam.signature})`)
  if (!hasTag(target, redirected, signer, tag))
    throw refused(`its tag is wrong (${queryParam.signature})`)
  const sentNs = numberOfBase36(query.get(queryParam.redirectTime) ?? '') ?? 0
  const ageMs = target.time.now() - Math.round(sentNs / nsPerMs)
  if (Math.abs(ageMs) > nonceWindowMs(target.metadata.config().auth)) {
    throw refused(`it has expired (${queryParam.redirectTime})`)
  }
  const reads = isReading(redirected.method)
  const { edge } = signer
  if (edge !== undefined && !mayVouch(edge, reads, bucketIn(redirected.target.path))) {
    throw new AisError('ErrForbidden', `edge "${edge.id}" may not vouch for this call`)
  }
  if (reads) return undefined
  const upMs = target.platform.clock.monotonic() - target.redirects.startedAt
  if (ageMs > upMs) throw backToSigner(redirected, signer)
  const nonce = target.redirects.nonces.take(signer.daemonId, query.get(queryParam.nonce) ?? '')
  if (nonce === undefined) throw refused(`it was used before (${queryParam.nonce})`)
  return nonce
}

/** Runs a call that holds `nonce`, which its first success spends. */
async function runOnce(nonce: TakenNonce, run: () => Reply | Promise<Reply>): Promise<Reply> {
  let spent = false
  try {
    const reply = await run()
    spent = reply.status < 300
    return reply
  } finally {
    nonce.settle(spent)
  }
}

/**
 * Runs a call once it is known who sent the client here, by the tag that proves it. A call without a redirect runs: what it
 * may do is for its endpoint to say.
 * @returns at once where `run` does, unless the map has to be asked for
 * @throws AisError `ErrUnauthorized` forged, altered, expired or used before; `ErrMovedTo` sent before the target began;
 * `ErrNotReady` sent by a newer map than can be had
 */
export function runAdmitted(
  target: AdmittingTarget,
  redirected: RedirectedCall,
  run: () => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  const { query } = redirected.target
  const claims = query.has(queryParam.signature) || isRedirected(query)
  if (!claims || !requiresTags(target.metadata.config().auth)) return run()
  const signerId = query.get(queryParam.redirectedBy) ?? ''
  const smap = target.metadata.smap()
  const signer = findSigner(target, signerId)
  const version = numberOfBase36(query.get(queryParam.smapVersion) ?? '') ?? 0
  if (signer?.exchangeKey === undefined || version > smap.version) {
    return afterMap(target, redirected, signerId, version, run)
  }
  const nonce = admitFrom(target, redirected, signer)
  return nonce === undefined ? run() : runOnce(nonce, run)
}

/**
 * The signer has map `version`, which is newer, or is new itself. A target that cannot learn of that map would answer from a
 * past in which the bucket had another name, and the object another owner.
 */
async function afterMap(
  target: AdmittingTarget,
  redirected: RedirectedCall,
  signerId: string,
  version: number,
  run: () => Reply | Promise<Reply>,
): Promise<Reply> {
  await target.refreshMetadata()
  const own = target.metadata.smap().version
  if (own < version) {
    throw new AisError('ErrNotReady', `the map here is v${own}, that of the redirect v${version}`)
  }
  const signer = findSigner(target, signerId)
  if (signer === undefined) {
    throw refused(`nobody in the map is "${signerId}" (${queryParam.redirectedBy})`)
  }
  const nonce = admitFrom(target, redirected, signer)
  return nonce === undefined ? run() : runOnce(nonce, run)
}
