import { toBase36 } from '@aistore-ts/core/algorithms/short-id.ts'
import { objectUname } from '@aistore-ts/core/bucket/bck.ts'
import type { EdgeMap } from '@aistore-ts/core/edge/edge-map.ts'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, Call, HeaderLine, Reply } from '@aistore-ts/core/ports/call.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { replyOf } from '@aistore-ts/core/proxy/relayed-reply.ts'
import type { RedirectedCall } from '@aistore-ts/core/redirect/tagged-location.ts'
import type { VerifyingCrypto } from '@aistore-ts/core/s3/auth/verify-signature.ts'
import type { CachedReads } from './cache/cached-reads.ts'
import { markedCall, type OwnersRead } from './cache/owner-call.ts'
import { type CredentialsSourceParts, createCredentialsSource } from './credentials-source.ts'
import type { EdgeSettings } from './edge-settings.ts'
import type { Owner, Placement } from './own-call.ts'
import { callUrl } from './pass-on.ts'
import { movedStatus } from './relay-to-owner.ts'
import { type AdmittedRead, createS3Reads } from './s3-read.ts'

/** Answers reads of S3: from the owner, where this edge lets the caller in by itself, and by a gateway all others. */
export type S3Answers = (call: Call, on: S3Request) => Promise<Reply>

/** What one request goes by. */
export interface S3Request {
  readonly map: EdgeMap
  readonly send: Platform['call']
  toGateway(): Promise<Reply>
}

export interface S3AnswerParts {
  readonly settings: Pick<EdgeSettings, 'id' | 'hosts'>
  readonly keys: CredentialsSourceParts['keys']
  readonly clock: CredentialsSourceParts['clock']
  readonly crypto: VerifyingCrypto
  readonly call: Platform['call']
  readonly placement: Pick<Placement, 'ofName'>
  readonly cached: CachedReads | undefined
  nowMs(): number
  /** Where a call goes on, as this edge vouches for it. */
  locationOf(
    call: Call,
    asked: RedirectedCall['target'],
    map: EdgeMap,
    owner: Owner,
  ): string | Promise<string>
}

/** What is stored runs no scripts where these could call an API that asks nobody who they are. */
const browserLines: readonly HeaderLine[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Content-Security-Policy', 'sandbox'],
]

/** Refusals that hold whatever else has changed: those of the call's own conditions and range. */
const lasting: ReadonlySet<number> = new Set([412, 416])

/** Whether who was asked may say no, or that another owns it, because what this edge knows is old: a gateway knows better. */
const isDoubtful = ({ status }: Answer) =>
  status === movedStatus || (status >= 400 && !lasting.has(status))

/** Nobody else is to be given what one caller was let in to. */
const privately: HeaderLine = ['Cache-Control', 'private, no-store']

/** A read whose bytes may be kept: of the current version, and of no part that only the owner knows. */
function keepable(
  { call, s3, named }: AdmittedRead,
  { clusterUuid }: EdgeMap,
  ask: OwnersRead['ask'],
): OwnersRead | undefined {
  const isPlain = !s3.query.has('versionId') && !s3.query.has('partNumber')
  if (call.method !== 'GET' || !isPlain || named.bck.provider !== 'ais') return undefined
  const bucket = `${clusterUuid}/${toBase36(named.props.bid)}`
  const given = s3.query.all().filter(([name]) => name.startsWith('response-'))
  return { call, bucket, name: s3.key, variant: JSON.stringify(['s3', ...given]), ask }
}

export function createS3Answers(parts: S3AnswerParts): S3Answers {
  const { settings, keys, clock, placement, nowMs, locationOf, cached } = parts
  const credentials = createCredentialsSource({
    ...{ edgeId: settings.id, keys, clock, nowMs },
    call: parts.call,
  })
  const reads = createS3Reads(settings.hosts, parts.crypto, nowMs)

  /** `undefined`: no target can be reached, or there is none. */
  async function askOwner(
    { call, s3, named }: AdmittedRead,
    { map, send }: S3Request,
  ): Promise<Answer | undefined> {
    const target = placement.ofName(map, objectUname(named.bck, s3.key))
    if (target === undefined) return undefined
    const { query, rawQuery } = s3
    const asked = { path: `/s3/${s3.bucket}/${s3.key}`, query, rawQuery }
    const location = await locationOf(call, asked, map, { target, bid: named.props.bid })
    try {
      return await callUrl(location, call, undefined, send)
    } catch (error) {
      if (isAisError(error, 'ErrUnreachable')) return undefined
      throw error
    }
  }

  function shown(reply: Reply, { isSigned }: AdmittedRead): Reply {
    const says = reply.headers.some(([name]) => name.toLowerCase() === 'cache-control')
    const own = isSigned && !says ? [privately, ...browserLines] : browserLines
    return { ...reply, headers: [...reply.headers, ...own] }
  }

  return async (call, on) => {
    const { map, toGateway } = on
    const known = await credentials.current(map)
    const admitted = known && reads.admit(call, known)
    if (admitted === undefined) return toGateway()
    const ask = (part: Call) => askOwner({ ...admitted, call: part }, on)
    const read = cached && keepable(admitted, map, ask)
    const found = read && (await cached?.find(read))
    if (found !== undefined) return shown(found, admitted)
    const answer = await ask(read === undefined ? admitted.call : markedCall(admitted.call, 'GET'))
    if (answer === undefined) return toGateway()
    const fromOwner = async () => {
      const reply = await replyOf(answer, call.method)
      return shown(read === undefined ? reply : (cached?.noted(read, reply) ?? reply), admitted)
    }
    if (!isDoubtful(answer)) return fromOwner()
    try {
      const reply = await toGateway()
      answer.discard()
      return reply
    } catch (error) {
      if (!isAisError(error, 'ErrUnreachable')) throw error
      return fromOwner()
    }
  }
}
