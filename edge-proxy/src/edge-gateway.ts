import { toBase36 } from '@aistore-ts/core/algorithms/short-id.ts'
import { edgeConnectionsMax } from '@aistore-ts/core/config/edge-limits.ts'
import type { EdgeMap } from '@aistore-ts/core/edge/edge-map.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import { guardHost, guardOrigin } from '@aistore-ts/core/node/browser-guard.ts'
import { envelopeReply } from '@aistore-ts/core/node/error-reply.ts'
import { redirectReply } from '@aistore-ts/core/node/replies.ts'
import type { Call, Handler, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import type { Random } from '@aistore-ts/core/ports/random.ts'
import { canRepeatBody } from '@aistore-ts/core/proxy/relay.ts'
import { createNonces } from '@aistore-ts/core/redirect/nonces.ts'
import {
  prepareRedirect,
  type RedirectedCall,
  taggedLocation,
} from '@aistore-ts/core/redirect/tagged-location.ts'
import type { VerifyingCrypto } from '@aistore-ts/core/s3/auth/verify-signature.ts'
import { newRequestId, s3ErrorReply, toS3Error } from '@aistore-ts/core/s3/error-document.ts'
import { isS3Target } from '@aistore-ts/core/s3/s3-target.ts'
import type { BlockStore } from './cache/block-store.ts'
import { createCachedReads } from './cache/cached-reads.ts'
import { markedCall, type OwnersRead } from './cache/owner-call.ts'
import { createEdgeKeys, type EdgeKeyParts } from './edge-keys.ts'
import type { EdgeSettings, Reach } from './edge-settings.ts'
import { limitedCalls } from './limited-calls.ts'
import { createMapSource } from './map-source.ts'
import { createPlacement, type OwnCall, type Owner, ownCall } from './own-call.ts'
import { callUrl, passToGateway } from './pass-on.ts'
import { relayToOwner } from './relay-to-owner.ts'
import type { S3Answers } from './s3-answers.ts'

/** What a runtime lends an edge gateway. */
export interface EdgeParts {
  readonly settings: EdgeSettings
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly random: Random
  readonly call: Platform['call']
  readonly createHmac: EdgeKeyParts['createHmac']
  readonly crypto: VerifyingCrypto
  /** Where it keeps blocks of what it relays. */
  readonly blocks: BlockStore
}

/** By which a client says what it can reach: `targets`, or the `edge` alone. */
export const reachHeader = 'ais-reach'

const nsPerMs = 1_000_000n
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** GET or HEAD of S3: what this edge may be able to answer itself. */
const isS3Read = ({ method }: Call) => method === 'GET' || method === 'HEAD'

function isReading({ method, headers }: Call): boolean {
  return reading.has(method) || headers.get('x-http-method-override')?.toUpperCase() === 'GET'
}

function reachOf({ headers }: Call, usual: Reach): Reach {
  const said = headers.get(reachHeader)
  if (said === undefined) return usual
  if (said === 'targets' || said === 'edge') return said
  throw new AisError('ErrBadRequest', `${reachHeader}: "${said}": expecting targets or edge`)
}

/**
 * A gateway as one handler, without listener, disk or membership. It knows the cluster by a document that it pulls, sends
 * clients to the owners of objects with redirects that it vouches for, or relays to these, and has a gateway of the
 * cluster answer everything else.
 */
export function createEdgeGateway(parts: EdgeParts): Handler {
  const { settings, clock } = parts
  const keys = createEdgeKeys({ ...settings, createHmac: parts.createHmac })
  const maps = createMapSource({ settings, keys, clock, call: parts.call })
  const placement = createPlacement()
  const nonceFor = createNonces(parts.random)
  /** What one request may call by. */
  const limited = () => limitedCalls(parts.call, edgeConnectionsMax)
  const { cache } = settings
  const cached =
    cache.kind === 'off'
      ? undefined
      : createCachedReads({ mode: cache, store: parts.blocks, clock })
  let s3: S3Answers | undefined

  function locationOf(
    call: Call,
    asked: RedirectedCall['target'],
    map: EdgeMap,
    { target, bid }: Owner,
  ): string | Promise<string> {
    const prepared = prepareRedirect(
      { call, method: call.method, target: asked },
      {
        signerId: settings.id,
        targetId: target.id,
        targetUrl: target.url,
        nowNs: BigInt(Math.round(maps.nowMs())) * nsPerMs,
        bid,
        smapVersion: BigInt(map.smapVersion),
        nonce: nonceFor(target.id),
      },
    )
    const { clusterUuid } = map
    const peer = { clusterUuid, targetId: target.id, publicKey: target.key }
    const tag = keys.tag(peer, prepared.text)
    if (!(tag instanceof Promise)) return taggedLocation(prepared, tag)
    return tag.then((made) => taggedLocation(prepared, made))
  }

  async function relayRead(call: Call, own: OwnCall, map: EdgeMap, owner: Owner): Promise<Reply> {
    const send = limited()
    const read: OwnersRead = {
      ...{ call, bucket: `${map.clusterUuid}/${toBase36(owner.bid)}`, name: own.name },
      variant: own.target.rawQuery,
      async ask(part) {
        const location = await locationOf(part, own.target, map, owner)
        return callUrl(location, part, undefined, send)
      },
    }
    const found = await cached?.find(read)
    if (found !== undefined) return found
    const reply = await relay(markedCall(call, 'GET'), own, map, owner, send)
    return cached?.noted(read, reply) ?? reply
  }

  function relay(
    call: Call,
    own: OwnCall,
    map: EdgeMap,
    owner: Owner,
    send = limited(),
  ): Promise<Reply> {
    const location = async (isSecond: boolean) => {
      if (!isSecond) return locationOf(call, own.target, map, owner)
      const newer = await maps.renewed()
      const next = placement.ofCall(newer, own)
      return next && locationOf(call, own.target, newer, next)
    }
    return relayToOwner(call, location, send)
  }

  function sendToOwner(
    call: Call,
    own: OwnCall,
    map: EdgeMap,
    owner: Owner,
  ): Reply | Promise<Reply> {
    guardOrigin(call.headers, settings.hosts)
    const reach = reachOf(call, settings.reach)
    const relays = reach === 'edge' || (call.method === 'PUT' && !canRepeatBody(call))
    const reads = call.method === 'GET' && cached !== undefined && call.body.lengthBytes === 0
    if (relays) return (reads ? relayRead : relay)(call, own, map, owner)
    const go = (location: string) => redirectReply(call.method === 'GET' ? 301 : 307, location)
    const location = locationOf(call, own.target, map, owner)
    return typeof location === 'string' ? go(location) : location.then(go)
  }

  /** What is not decided here, for whatever reason; the map may have been too old to. */
  async function passOn(call: Call, own: OwnCall | undefined, known: EdgeMap): Promise<Reply> {
    let map = known
    if (own !== undefined) {
      map = await maps.renewed()
      const owner = placement.ofCall(map, own)
      if (owner !== undefined) return sendToOwner(call, own, map, owner)
    }
    const reach = reachOf(call, settings.reach)
    return passToGateway(call, { map, reach, send: limited() })
  }

  /** The part that judges calls of S3 is begun with the first one: most edges never need it. */
  async function answerS3(call: Call, map: EdgeMap): Promise<Reply> {
    const reach = reachOf(call, settings.reach)
    const send = limited()
    const toGateway = () => passToGateway(call, { map, reach, send })
    if (!isS3Read(call)) return toGateway()
    const { createS3Answers } = await import('./s3-answers.ts')
    s3 ??= createS3Answers({
      ...{ settings, keys, clock, placement, locationOf, nowMs: maps.nowMs },
      call: parts.call,
      ...{ crypto: parts.crypto, cached },
    })
    return s3(call, { map, send, toGateway })
  }

  function answerBy(call: Call, map: EdgeMap): Reply | Promise<Reply> {
    if (map.access === 'ro' && !isReading(call)) {
      throw new AisError('ErrForbidden', `edge "${settings.id}" changes nothing (enrolled as ro)`)
    }
    if (isS3Target(call.target)) return answerS3(call, map)
    const own = ownCall(call)
    const owner = own && placement.ofCall(map, own)
    if (own === undefined || owner === undefined) return passOn(call, own, map)
    return sendToOwner(call, own, map, owner)
  }

  function answer(call: Call): Reply | Promise<Reply> {
    guardHost(call.headers, settings.hosts)
    const map = maps.current()
    return map instanceof Promise
      ? map.then((pulled) => answerBy(call, pulled))
      : answerBy(call, map)
  }

  function refuse(call: Call, error: unknown): Reply {
    const told =
      error instanceof AisError
        ? error
        : new AisError('ErrInternal', 'internal error', { cause: error })
    const [path = ''] = call.target.split('?')
    if (isS3Target(call.target)) {
      const requestId = newRequestId(parts.random)
      return s3ErrorReply(toS3Error(told), { method: call.method, resource: path, requestId })
    }
    return envelopeReply(`p[${settings.id}]`, told, call, path)
  }

  return (call) => {
    try {
      const reply = answer(call)
      return reply instanceof Promise ? reply.catch((error) => refuse(call, error)) : reply
    } catch (error) {
      return refuse(call, error)
    }
  }
}
