import type { Bck } from '../bucket/bck.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import { hasFeature } from '../config/features.ts'
import { AisError } from '../errors/ais-error.ts'
import { type Access, checkBucketAccess } from '../node/access.ts'
import type { ApiCall } from '../node/api-call.ts'
import { objectOf } from '../node/bucket-of.ts'
import { checkOffered } from '../node/offered.ts'
import { isReadOnlyName } from '../object/object-name.ts'
import type { Call } from '../ports/call.ts'
import type { RedirectedCall } from '../redirect/tagged-location.ts'
import { isS3Target } from '../s3/s3-target.ts'
import { isRedirected } from '../wire/redirect.ts'
import type { ParsedTarget } from '../wire/target.ts'
import { placeWords } from './known-places.ts'
import { ensureNewest } from './rebalance/newest.ts'
import { statedBucket } from './stated-bucket.ts'
import {
  type OwningMaps,
  type Place,
  placeObject,
  type TargetBucket,
  type TargetNode,
} from './target.ts'

/** What a client may ask a target for without a gateway's redirect. */
const directMethods = new Set(['GET', 'HEAD'])

/**
 * A data call on the public network carries the marker of a gateway's redirect; GET and HEAD also come directly
 * (the SDK's direct reads), and those of S3 where clients rebuild redirects, while client auth is off.
 * @throws AisError `ErrBadRequest`, `ErrForbidden`
 */
export function checkRedirected(
  api: Pick<ApiCall, 'call' | 'method'> & { readonly target: Pick<ParsedTarget, 'path' | 'query'> },
  target: TargetNode,
): void {
  if (api.call.network !== 'public' || isRedirected(api.target.query)) return
  const { auth, features } = target.metadata.config()
  if (auth.client_auth_required) {
    throw new AisError('ErrForbidden', 'direct access to targets is not permitted')
  }
  if (directMethods.has(api.method)) return
  if (hasFeature(features, 'S3-Redirect-Rebuild') && isS3Target(api.target.path)) return
  throw new AisError(
    'ErrBadRequest',
    `t[${target.self().daemonId}]: ${api.method} ${api.target.path} is expected to be redirected`,
  )
}

/**
 * A gateway with an older map sends clients to a former owner, which must neither answer nor store. The newest map is
 * asked for, then the call is redirected; within the cluster it is refused.
 * @throws AisError `ErrMovedTo`, told as 307, or `ErrBusy`
 */
async function ownedPlace(
  redirected: PlacedCall,
  target: TargetNode,
  place: Place,
): Promise<Place> {
  await target.refreshMetadata()
  const owner = hrwTarget(target.metadata.smap(), place.uname)
  if (owner.daemonId === target.self().daemonId) return newestPlace(redirected, target, place)
  if (redirected.call.network !== 'public') {
    throw new AisError('ErrBusy', `${place.uname} belongs to target ${owner.daemonId}`)
  }
  const { bid } = place.bucket
  throw new AisError('ErrMovedTo', `${place.uname} belongs to target ${owner.daemonId}`, {
    headers: [
      ['Location', target.redirectSigner.location(redirected, owner, bid)],
      ['Cache-Control', 'no-store'],
    ],
  })
}

/** The name may have become another target's while the others were asked for it. */
function newestPlace(
  redirected: PlacedCall,
  target: TargetNode,
  place: Place,
): Place | Promise<Place> {
  const asked = ensureNewest(target, place)
  if (asked === undefined) return place
  return asked.then(() =>
    owns(target, place.uname) ? place : ownedPlace(redirected, target, place),
  )
}

/** Whether the map gives the name to this target. */
function owns(target: TargetNode, uname: string): boolean {
  const smap = target.metadata.smap()
  if (smap.targets.size < 2) return true
  return hrwTarget(smap, uname).daemonId === target.self().daemonId
}

/**
 * The place an object call is about, checked as the gateway checked it: a target trusts no name. While objects are on
 * the move it resolves when the newest version is here. At once when the bucket is known here and nothing moves, which
 * is nearly always.
 * @throws AisError `ErrMovedTo`, `ErrBusy` the name is another target's
 */
export function placeOf(
  api: ApiCall,
  target: TargetNode,
  need: Access,
  forWrite: boolean,
): Place | Promise<Place> {
  checkRedirected(api, target)
  const words = placeWords(api.target.path, api.target.query)
  const maps = {
    bmd: target.metadata.bmd(),
    smap: target.metadata.smap(),
    mountpaths: target.availableMountpaths(),
  }
  const known = target.places.find(maps, words)
  if (known !== undefined && !(forWrite && isReadOnlyName(known.name))) {
    checkOffered(api.method, api.target.query)
    checkBucketAccess(known.bucket.bck, known.bucket.props, need, known.name)
    return newestPlace(api, target, known)
  }
  const { bck, name } = objectOf(api, forWrite)
  const onOwned = (place: Place): void => target.places.keep(maps, words, place)
  return placeNamed(api, target, { bck, name, stated: words.stated }, need, onOwned)
}

/** What may have to go on to another target. */
interface PlacedCall extends RedirectedCall {
  readonly call: Call
}

/** An object as a call names it; `stated`: the ID of the bucket that a gateway saw. */
export interface NamedObject {
  readonly bck: Bck
  readonly name: string
  readonly stated: string | undefined
}

/** As `placeOf`, of a name that was checked before. @param onOwned told of a place that was found here, at once */
export function placeNamed(
  redirected: PlacedCall,
  target: TargetNode,
  { bck, name, stated }: NamedObject,
  need: Access,
  onOwned?: (place: Place) => void,
): Place | Promise<Place> {
  const place = (bucket: TargetBucket, ownedBy?: OwningMaps): Place | Promise<Place> => {
    checkBucketAccess(bck, bucket.props, need, name)
    const drawn = placeObject(target, bucket, name)
    if (!owns(target, drawn.uname)) return ownedPlace(redirected, target, drawn)
    const { uname, mountpath } = drawn
    const found = { bucket, name, uname, mountpath, ownedBy }
    onOwned?.(found)
    return newestPlace(redirected, target, found)
  }
  const maps = { bmd: target.metadata.bmd(), smap: target.metadata.smap() }
  const bucket = statedBucket(target, bck, stated)
  return bucket instanceof Promise ? bucket.then((late) => place(late)) : place(bucket, maps)
}
