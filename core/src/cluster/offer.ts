import { z } from 'zod'
import { bckCname } from '../bucket/bck.ts'
import { type Bmd, bmdToJson, listBuckets, parseBmd } from '../bucket/bmd.ts'
import { AisError } from '../errors/ais-error.ts'
import { describeIssue } from '../wire/strict.ts'
import type { Documents } from './control/documents.ts'
import { isRebalancing } from './rmd.ts'

/** What a cluster that gives itself up brings along, and how far its numbers had come. */
export interface Offer {
  readonly uuid: string
  readonly bmd: Bmd
  readonly smapVersion: number
  readonly rmdVersion: number
  /** Targets that are away, with objects of the past. */
  readonly absent: readonly string[]
  /** Only asks whether it would be taken. */
  readonly trial: boolean
}

/** How far the Smap of the winner is ahead of both. @see AIStore ais/psetforce.go `msyncForceAll` */
const smapStep = 100

const schema = z.object({
  uuid: z.string().min(1),
  bmd: z.unknown(),
  smap_version: z.int().nonnegative(),
  rmd_version: z.int().nonnegative(),
  absent: z.array(z.string()),
  trial: z.boolean(),
})

export function offerToJson(offer: Offer): Record<string, unknown> {
  return {
    uuid: offer.uuid,
    bmd: bmdToJson(offer.bmd),
    smap_version: offer.smapVersion,
    rmd_version: offer.rmdVersion,
    absent: offer.absent,
    trial: offer.trial,
  }
}

/** @throws AisError `ErrBadRequest` naming the field */
export function parseOffer(json: unknown): Offer {
  const result = schema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid offer: ${describeIssue(result.error)}`)
  }
  const { uuid, bmd, smap_version, rmd_version, absent, trial } = result.data
  return {
    uuid,
    bmd: parseBmd(bmd),
    smapVersion: smap_version,
    rmdVersion: rmd_version,
    absent,
    trial,
  }
}

/** The offer of a cluster as it is. */
export function offerOf({ smap, bmd, rmd }: Documents, trial: boolean): Offer {
  const { uuid, version } = smap
  return { uuid, bmd, smapVersion: version, rmdVersion: rmd.version, absent: rmd.absent, trial }
}

/** Both have it under one name, or one ID: whoever came second would hide the other's objects. @throws AisError `ErrAlreadyExists` */
function refuseShadows(own: Bmd, other: Bmd): void {
  const names = new Set(listBuckets(own).map(({ bck }) => bckCname(bck)))
  const bids = new Set(listBuckets(own).map(({ props }) => props.bid))
  const shadowed = listBuckets(other).filter(
    ({ bck, props }) => names.has(bckCname(bck)) || bids.has(props.bid),
  )
  if (shadowed.length === 0) return
  const list = shadowed.map(({ bck }) => bckCname(bck)).join(', ')
  throw new AisError(
    'ErrAlreadyExists',
    `cluster integrity error (cie#70): both clusters have buckets of the same name or ID: ${list}; rename or destroy them in one of the two`,
  )
}

function merged(own: Bmd, other: Bmd): Bmd {
  const providers = new Map(own.providers)
  for (const [provider, namespaces] of other.providers) {
    const mine = new Map(providers.get(provider))
    for (const [uname, buckets] of namespaces) {
      mine.set(uname, new Map([...(mine.get(uname) ?? []), ...buckets]))
    }
    providers.set(provider, mine)
  }
  return { ...own, providers, version: Math.max(own.version, other.version) + 1 }
}

/**
 * What the winner's documents become when it takes `offer` in: all buckets of both. Its own configuration, users and keys
 * stay. Versions go on from the higher ones, so that what the other's nodes did under theirs is older than all to come.
 * `undefined`: it was taken in before.
 * @throws AisError `ErrAlreadyExists` a bucket of both; `ErrBusy` objects are on the move, or the winner gives itself up
 */
export function absorb(now: Documents, offer: Offer): Partial<Documents> | undefined {
  const { smap, bmd, rmd } = now
  if (smap.absorbed?.includes(offer.uuid)) return undefined
  if (smap.absorbedBy !== undefined) {
    throw new AisError('ErrBusy', `this cluster joins cluster "${smap.absorbedBy.uuid}" itself`)
  }
  if (isRebalancing(rmd)) throw new AisError('ErrBusy', 'a rebalance is under way')
  refuseShadows(bmd, offer.bmd)
  if (offer.trial) return undefined
  const version = Math.max(smap.version, offer.smapVersion) + smapStep
  const rebalances = Math.max(rmd.version, offer.rmdVersion)
  return {
    smap: { ...smap, version, absorbed: [...(smap.absorbed ?? []), offer.uuid] },
    bmd: merged(bmd, offer.bmd),
    rmd: {
      ...rmd,
      version: rebalances,
      completed: rebalances,
      absent: [...new Set([...rmd.absent, ...offer.absent])],
    },
  }
}
