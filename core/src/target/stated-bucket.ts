import { fromBase36, toBase36 } from '../algorithms/short-id.ts'
import { type Bck, bckCname } from '../bucket/bck.ts'
import { type Bmd, bidVersionBits, findBucket } from '../bucket/bmd.ts'
import { AisError } from '../errors/ais-error.ts'
import { bucketHere, type TargetBucket, type TargetNode, targetBucket } from './target.ts'

/**
 * The bucket a gateway meant. A bucket that was destroyed and made again keeps its name, not its ID: a target that
 * has not heard of it yet asks the primary before it touches the old one's objects. A target that knows more than
 * the gateway goes by what it knows.
 * @param stated the ID the gateway saw, as it wrote it; `undefined` without gateway
 * @throws AisError `ErrBckNotFound`; `ErrNotReady` when this target is behind and cannot catch up now
 */
export function statedBucket(
  target: TargetNode,
  bck: Bck,
  stated: string | undefined,
): TargetBucket | Promise<TargetBucket> {
  const known = findBucket(target.metadata.bmd(), bck)
  if (known !== undefined && (stated === undefined || toBase36(known.bid) === stated)) {
    return bucketHere(target, bck, known)
  }
  const bid = stated === undefined ? undefined : fromBase36(stated)
  if (bid === undefined || !isLater(bid, target.metadata.bmd())) return targetBucket(target, bck)
  return catchUp(target, bck, bid)
}

async function catchUp(target: TargetNode, bck: Bck, bid: bigint): Promise<TargetBucket> {
  await target.refreshMetadata()
  const bmd = target.metadata.bmd()
  const props = findBucket(bmd, bck)
  if (props?.bid !== bid && isLater(bid, bmd)) {
    throw new AisError(
      'ErrNotReady',
      `bucket "${bckCname(bck)}": this target is behind (BMD v${bmd.version}), please try again`,
    )
  }
  if (props === undefined) return targetBucket(target, bck)
  return bucketHere(target, bck, props)
}

/** An ID counts with the version of the BMD that gave it. @see generateBid */
function isLater(bid: bigint, bmd: Bmd): boolean {
  return BigInt.asUintN(bidVersionBits, bid) > BigInt(bmd.version)
}
