import type { Bmd } from '@aistore-ts/core/bucket/bmd.ts'
import type { EdgeCredentials } from '@aistore-ts/core/edge/edge-credentials.ts'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import { type Access, checkBucketAccess } from '@aistore-ts/core/node/access.ts'
import type { Call, HeaderBlock, HeaderLine } from '@aistore-ts/core/ports/call.ts'
import { endToEnd } from '@aistore-ts/core/proxy/relay.ts'
import { actionOf } from '@aistore-ts/core/s3/access/policy-actions.ts'
import { checkAmzHeaders } from '@aistore-ts/core/s3/amz-headers.ts'
import {
  callerOf,
  checkExpectedOwner,
  decideWish,
  type Gatekeeper,
} from '@aistore-ts/core/s3/auth/authorize-call.ts'
import type { VerifyingCrypto } from '@aistore-ts/core/s3/auth/verify-signature.ts'
import { bucketByName, type NamedBucket } from '@aistore-ts/core/s3/find-bucket.ts'
import { checkKey, parseS3Call, type S3Call } from '@aistore-ts/core/s3/s3-call.ts'
import { subresources } from '@aistore-ts/core/s3/subresources.ts'
import { gatekeeperOf } from './gatekeeper.ts'

/** A read of S3 that this edge lets in by itself. */
export interface AdmittedRead {
  /** As its owner gets it: without what the client authenticated with. */
  readonly call: Call
  readonly s3: S3Call
  readonly named: NamedBucket
  /** The caller said who it is: others may not be let in. */
  readonly isSigned: boolean
}

/** Judges reads of S3 by what the cluster told this edge. */
export interface S3Reads {
  /** `undefined`: it is a gateway's to decide, or to refuse in its own words. */
  admit(call: Call, known: EdgeCredentials): AdmittedRead | undefined
}

const reads: ReadonlyMap<string, { readonly name: string; readonly need: Access }> = new Map([
  ['GET', { name: 'GetObject', need: 'GET' }],
  ['HEAD', { name: 'HeadObject', need: 'HEAD-OBJECT' }],
])

const takes: ReadonlySet<string> = new Set(['partNumber', 'versionId'])

/** Of calls that gateways answer in a way of their own: to pages, by a redirect, for another method. */
const special = ['origin', 'sec-fetch-site', 'ais-s3-redirect', 'x-http-method-override']

/** What ends at whoever lets a call in. */
const endsHere = (name: string) => name === 'authorization' || name.startsWith('ais-s3-')

function withoutCredentials({ headers }: Call): HeaderBlock {
  const lines = endToEnd(headers.lines()).filter(([name]) => !endsHere(name))
  const all = (wanted: string) => lines.flatMap(([name, value]) => (name === wanted ? [value] : []))
  return { get: (name) => all(name)[0], all, lines: (): readonly HeaderLine[] => lines }
}

/** The bucket, where nothing has a say in its reads that cannot be known here: what a policy asks of a connection. */
function judgeable(bmd: Bmd, name: string): NamedBucket | undefined {
  const named = bucketByName(bmd, name)
  const stored = named?.props.s3.policy
  const isPlain = stored === undefined || stored.policy?.keys.size === 0
  return isPlain ? named : undefined
}

function judge(
  s3: S3Call,
  gatekeeper: Gatekeeper,
  known: EdgeCredentials,
): AdmittedRead | undefined {
  const { call, key, query, method } = s3
  const operation = reads.get(method)
  const isOther = query.all().some(([name]) => subresources.has(name) && !takes.has(name))
  if (operation === undefined || key === '' || isOther) return undefined
  const named = judgeable(known.bmd, s3.bucket)
  if (named === undefined) return undefined
  checkKey(key)
  checkAmzHeaders(call.headers)
  checkExpectedOwner(call.headers.get('x-amz-expected-bucket-owner'), named)
  checkBucketAccess(named.bck, named.props, operation.need)
  const caller = callerOf(s3, gatekeeper)
  const isStale = gatekeeper.platform.clock.now() > known.notAfterMs
  if (isStale && caller.by !== 'nothing') return undefined
  const action = actionOf(operation.name, query.has('versionId'))
  const wish = { action, need: operation.need, named, key }
  const { verdict, admission } = decideWish(s3, gatekeeper, caller, wish)
  if (verdict !== 'allow' || admission !== undefined) return undefined
  const { target, body, network, remoteAddress, remotePort, signal } = call
  const headers = withoutCredentials(call)
  const inner = { method, target, headers, body, network, remoteAddress, remotePort, signal }
  return { s3, named, isSigned: caller.by !== 'nothing', call: inner }
}

/** @param nowMs cluster time, ms since the Unix epoch */
export function createS3Reads(
  hosts: ReadonlySet<string>,
  crypto: VerifyingCrypto,
  nowMs: () => number,
): S3Reads {
  const gatekeepers = new WeakMap<EdgeCredentials, Gatekeeper>()

  function gatekeeper(known: EdgeCredentials): Gatekeeper {
    const made = gatekeepers.get(known) ?? gatekeeperOf(known, crypto, nowMs)
    gatekeepers.set(known, made)
    return made
  }

  return {
    admit(call, known) {
      if (call.body.lengthBytes !== 0) return undefined
      if (special.some((name) => call.headers.get(name) !== undefined)) return undefined
      try {
        return judge(parseS3Call(call, '/s3', hosts, ''), gatekeeper(known), known)
      } catch (error) {
        if (isAisError(error)) return undefined
        throw error
      }
    },
  }
}
