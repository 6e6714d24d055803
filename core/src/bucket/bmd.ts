import { z } from 'zod'
import { compareUtf8, utf8Encode } from '../algorithms/utf8.ts'
import { xxh64 } from '../algorithms/xxhash64.ts'
import { AisError } from '../errors/ais-error.ts'
import { describeIssue } from '../wire/strict.ts'
import { wireVersion } from '../wire/version.ts'
import { type Bck, bckCname, namespaceUname, type Provider, providers } from './bck.ts'
import { type BucketProps, bucketPropsToJson, parseBucketProps } from './bucket-props.ts'
import { bucketNotFound, parseNamespace } from './names.ts'

type Buckets = ReadonlyMap<string, BucketProps>
type Namespaces = ReadonlyMap<string, Buckets>

/** Bucket metadata of the cluster: immutable, one version up per change. */
export interface Bmd {
  readonly version: number
  /** Its own ID, not the cluster's; empty before the first change. */
  readonly uuid: string
  /** Provider, then namespace uname, then bucket name. */
  readonly providers: ReadonlyMap<Provider, Namespaces>
}

export function emptyBmd(uuid = ''): Bmd {
  return { version: 0, uuid, providers: new Map([['ais', new Map([['@#', new Map()]])]]) }
}

export function findBucket(bmd: Bmd, bck: Bck): BucketProps | undefined {
  return bmd.providers.get(bck.provider)?.get(namespaceUname(bck.namespace))?.get(bck.name)
}

/** Every bucket, sorted by provider, namespace, name. */
export function listBuckets(bmd: Bmd): { bck: Bck; props: BucketProps }[] {
  const all: { bck: Bck; props: BucketProps }[] = []
  for (const [provider, namespaces] of bmd.providers) {
    for (const [uname, buckets] of namespaces) {
      const namespace = parseNamespace(uname)
      for (const [name, props] of buckets) all.push({ bck: { name, provider, namespace }, props })
    }
  }
  const key = ({ bck }: { bck: Bck }) => [bck.provider, namespaceUname(bck.namespace), bck.name]
  return all.sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    for (let i = 0; i < x.length; i++) {
      const order = compareUtf8(x[i] ?? '', y[i] ?? '')
      if (order !== 0) return order
    }
    return 0
  })
}

function put(bmd: Bmd, bck: Bck, props: BucketProps | undefined): Bmd {
  const uname = namespaceUname(bck.namespace)
  const namespaces = new Map(bmd.providers.get(bck.provider))
  const buckets = new Map(namespaces.get(uname))
  if (props === undefined) buckets.delete(bck.name)
  else buckets.set(bck.name, props)
  // An empty namespace of ours goes; the global one of ais:// is always shown.
  if (buckets.size === 0 && !(bck.provider === 'ais' && uname === '@#')) namespaces.delete(uname)
  else namespaces.set(uname, buckets)
  const next = new Map(bmd.providers)
  if (namespaces.size === 0) next.delete(bck.provider)
  else next.set(bck.provider, namespaces)
  return { ...bmd, providers: next }
}

/** Same version: `nextBmd` raises it once per change. @throws AisError `ErrBucketAlreadyExists` */
export function addBucket(bmd: Bmd, bck: Bck, props: BucketProps): Bmd {
  if (findBucket(bmd, bck) !== undefined) {
    throw new AisError('ErrBucketAlreadyExists', `bucket "${bckCname(bck)}" already exists`)
  }
  return put(bmd, bck, props)
}

/** @throws AisError `ErrBckNotFound`, `ErrRemoteBckNotFound` */
export function replaceBucket(bmd: Bmd, bck: Bck, props: BucketProps): Bmd {
  if (findBucket(bmd, bck) === undefined) throw bucketNotFound(bck)
  return put(bmd, bck, props)
}

/** @throws AisError `ErrBckNotFound`, `ErrRemoteBckNotFound` */
export function removeBucket(bmd: Bmd, bck: Bck): Bmd {
  if (findBucket(bmd, bck) === undefined) throw bucketNotFound(bck)
  return put(bmd, bck, undefined)
}

/** `changed` as the version that follows `current`. */
export function nextBmd(current: Bmd, changed: Bmd): Bmd {
  return { ...changed, version: current.version + 1 }
}

const aisBit = 1n << 63n

/** Low bits of a bucket's ID: the version of the BMD that gave it. Those above tell one BMD from another. */
export const bidVersionBits = 32
const bidOriginBits = 31

/**
 * ID for a bucket to be added to `bmd`: never given before, since it counts with the version, nor by another cluster that
 * may join this one, since it holds a digest of the BMD's own ID. The top bit marks `ais://` buckets, as upstream.
 */
export function generateBid(bmd: Bmd, provider: Provider): bigint {
  const top = provider === 'ais' ? aisBit : 0n
  const origin = BigInt.asUintN(bidOriginBits, xxh64(utf8Encode(bmd.uuid), 0n))
  const taken = new Set(listBuckets(bmd).map(({ props }) => props.bid))
  let bid = top | (origin << BigInt(bidVersionBits)) | BigInt(bmd.version + 1)
  while (taken.has(bid)) bid++
  return bid
}

const bmdSchema = z.object({
  providers: z
    .partialRecord(z.enum(providers), z.record(z.string(), z.record(z.string(), z.unknown())))
    .nullish(),
  uuid: z.string().default(''),
  version: wireVersion,
})

/**
 * Reads a BMD as `parseJson` gave it.
 * @throws AisError `ErrBadRequest` naming the field
 */
export function parseBmd(json: unknown): Bmd {
  const result = bmdSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid BMD: ${describeIssue(result.error)}`)
  }
  const { version, uuid } = result.data
  const byProvider = new Map(emptyBmd().providers)
  for (const provider of providers) {
    const given = result.data.providers?.[provider]
    if (given === undefined) continue
    const namespaces = Object.entries(given).map(([uname, buckets]): [string, Buckets] => [
      uname,
      new Map(Object.entries(buckets).map(([name, props]) => [name, parseBucketProps(props)])),
    ])
    byProvider.set(provider, new Map(namespaces))
  }
  return { version, uuid, providers: byProvider }
}

/** Wire shape in upstream's key order; maps are written sorted. */
export function bmdToJson(bmd: Bmd): Record<string, unknown> {
  const namespaces = (map: Namespaces) =>
    new Map(
      [...map].map(([uname, buckets]) => [
        uname,
        new Map([...buckets].map(([name, props]) => [name, bucketPropsToJson(props)])),
      ]),
    )
  return {
    providers: new Map([...bmd.providers].map(([name, map]) => [name, namespaces(map)])),
    uuid: bmd.uuid,
    version: String(bmd.version),
  }
}
