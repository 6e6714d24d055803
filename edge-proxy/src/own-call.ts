import { fromBase36 } from '@aistore-ts/core/algorithms/short-id.ts'
import { globalNamespace, objectUname } from '@aistore-ts/core/bucket/bck.ts'
import { heaviest } from '@aistore-ts/core/cluster/heaviest.ts'
import { placementDigest } from '@aistore-ts/core/cluster/placement-digest.ts'
import type { EdgeMap, EdgeTarget } from '@aistore-ts/core/edge/edge-map.ts'
import { isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import { easyUrl } from '@aistore-ts/core/node/easy-url.ts'
import { checkObjectName } from '@aistore-ts/core/object/object-name.ts'
import type { Call } from '@aistore-ts/core/ports/call.ts'
import { type ParsedTarget, parseObjectPath, parseTarget } from '@aistore-ts/core/wire/target.ts'

/** An object call that this edge decides by itself; everything else is a gateway's to answer. */
export interface OwnCall {
  readonly target: ParsedTarget
  readonly bucket: string
  readonly name: string
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])

/** Parameters that change nothing of where a call goes and who may make it. */
const plainParams: ReadonlySet<string> = new Set(['provider', 'uuid', 'latest-ver', 'skip_vc'])

function isPlain({ query }: ParsedTarget): boolean {
  const provider = query.get('provider') ?? ''
  if (provider !== '' && provider !== 'ais') return false
  return query.all().every(([name]) => plainParams.has(name))
}

function isGoodName(name: string, forWrite: boolean): boolean {
  try {
    checkObjectName(name, { forWrite })
    return true
  } catch (error) {
    if (isAisError(error)) return false
    throw error
  }
}

/** Whether the client says who it is: gateways know tokens, and which of them were revoked. */
const isAuthenticated = ({ headers }: Call) => headers.get('authorization') !== undefined

/**
 * Reads a call of the native API. `undefined`: it is not for the edge to decide, or there is something about it that a
 * gateway has the words for.
 * @throws AisError `ErrBadRequest` as `parseTarget`
 */
export function ownCall(call: Call): OwnCall | undefined {
  const { method, target: raw, headers } = call
  const target = easyUrl(method, parseTarget(raw))
  if (!methods.has(method) || isAuthenticated(call)) return undefined
  if (headers.get('ais-caller-id') !== undefined) return undefined
  const path = parseObjectPath(target)
  if (path?.resource !== 'objects' || path.bucket === undefined || path.object === undefined) {
    return undefined
  }
  if (!isPlain(target) || !isGoodName(path.object, method === 'PUT')) return undefined
  return { target, bucket: path.bucket, name: path.object }
}

/** A target with what the draw needs of it. */
interface Drawn {
  readonly target: EdgeTarget
  readonly digest: ReturnType<typeof placementDigest>
}

/** Where an object of a bucket in the map is. */
export interface Owner {
  readonly target: EdgeTarget
  readonly bid: bigint
}

/** Finds owners of names. */
export interface Placement {
  /** `undefined`: there is no target, or a call is about a bucket that is not in the map. */
  ofCall(map: EdgeMap, own: OwnCall): Owner | undefined
  ofName(map: EdgeMap, uname: string): EdgeTarget | undefined
}

/** What a map is worth is worked out once. */
export function createPlacement(): Placement {
  const drawn = new WeakMap<EdgeMap, readonly Drawn[]>()

  function candidatesOf(map: EdgeMap): readonly Drawn[] {
    let candidates = drawn.get(map)
    if (candidates === undefined) {
      candidates = map.targets.map((target) => ({ target, digest: placementDigest(target.id) }))
      drawn.set(map, candidates)
    }
    return candidates
  }

  function ofName(map: EdgeMap, uname: string): EdgeTarget | undefined {
    const best = heaviest(
      candidatesOf(map),
      placementDigest(uname),
      () => true,
      (candidate) => candidate.digest,
    )
    return best?.target
  }

  return {
    ofName,
    ofCall(map, { bucket, name }) {
      const bid = fromBase36(map.buckets.get(bucket) ?? '')
      if (bid === undefined) return undefined
      const bck = { name: bucket, provider: 'ais', namespace: globalNamespace } as const
      const target = ofName(map, objectUname(bck, name))
      return target && { target, bid }
    },
  }
}
