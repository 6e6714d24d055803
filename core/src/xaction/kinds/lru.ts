import { listBuckets } from '../../bucket/bmd.ts'
import { isAisError } from '../../errors/ais-error.ts'
import { accessAll, accessBits } from '../../node/access.ts'
import type { Mountpath } from '../../ports/mountpath.ts'
import { removeObject } from '../../target/remove-object.ts'
import { placeObject, type TargetBucket } from '../../target/target.ts'
import { isVersioned } from '../../target/version-rows.ts'
import { parseStart, type StartMessage } from '../start-message.ts'
import { plainTraits, type Work, type XactionContext, type XactionKind } from '../xaction-kind.ts'

/** Rows that are looked at between two turns. */
const pageRows = 1_000
/** Objects that one look at a disk remembers: the oldest of all. More than these take another look. */
const candidatesMax = 100_000

interface Candidate {
  readonly bucket: TargetBucket
  readonly name: string
  readonly sizeBytes: number
  readonly atimeNs: bigint
}

function mayDelete({ props }: TargetBucket): boolean {
  const bit = BigInt(accessBits['DELETE-OBJECT'])
  return props.access === accessAll || ((props.access >> bit) & 1n) === 1n
}

/** Buckets that objects are evicted from: with force also those whose `lru.enabled` is off. */
function evictable({ target, bucket }: XactionContext, force: boolean): readonly TargetBucket[] {
  const all =
    bucket === undefined
      ? listBuckets(target.metadata.bmd()).map(({ bck, props }) => ({ bck, bid: props.bid, props }))
      : [bucket]
  return all.filter(
    (one) => (force || one.props.lru.enabled) && mayDelete(one) && !isVersioned({ bucket: one }),
  )
}

/** The oldest objects of a disk that are older than `beforeNs`, oldest first. */
async function* oldest(
  mountpath: Mountpath,
  buckets: readonly TargetBucket[],
  beforeNs: bigint,
  found: Candidate[],
): AsyncGenerator<Work> {
  const byAge = (a: Candidate, b: Candidate) => (a.atimeNs < b.atimeNs ? -1 : 1)
  for (const bucket of buckets) {
    const query = { prefix: '', limit: pageRows, full: false }
    for (let after = ''; ; ) {
      const rows = mountpath.list(bucket, { ...query, after })
      for (const { name, sizeBytes, atimeNs } of rows) {
        if (atimeNs < beforeNs) found.push({ bucket, name, sizeBytes, atimeNs })
      }
      if (found.length > 2 * candidatesMax) {
        found.sort(byAge)
        found.length = candidatesMax
      }
      yield {}
      const last = rows.at(-1)
      if (last === undefined || rows.length < pageRows) break
      after = last.name
    }
  }
  found.sort(byAge)
}

async function evict({ target }: XactionContext, { bucket, name }: Candidate, beforeNs: bigint) {
  try {
    await removeObject(target, placeObject(target, bucket, name), ({ atimeNs }) => {
      if (atimeNs >= beforeNs) throw new Young()
    })
    return true
  } catch (error) {
    if (error instanceof Young || (isAisError(error) && error.code === 'ErrNotFound')) return false
    throw error
  }
}

/** It was used since it was looked at. */
class Young extends Error {}

/**
 * `lru`: on every disk that is filled above `space.highwm`, objects go that were not used for the longest time, until
 * `space.lowwm`; none that was used within `lru.dont_evict_time`. @see AIStore docs/storage_svcs.md
 */
export const lru: XactionKind<StartMessage> = {
  kind: 'lru',
  traits: { ...plainTraits, title: 'lru-eviction', scope: 'bucket-or-all', startable: true },
  parse: parseStart,
  async *run({ force }, context) {
    const { target, signal } = context
    const { space, lru: settings } = target.settings.current()
    // Uses that are not in the rows yet count as well.
    await target.atimes.flush()
    const nowNs = target.platform.clock.nowNs()
    const beforeNs = nowNs - BigInt(settings.dont_evict_time) * 1_000_000n
    for (const mountpath of target.availableMountpaths()) {
      const { totalBytes, usedBytes } = await mountpath.capacity()
      if (Number(usedBytes) * 100 <= Number(totalBytes) * space.highwm) continue
      let excess = Number(usedBytes) - (Number(totalBytes) * space.lowwm) / 100
      const candidates: Candidate[] = []
      yield* oldest(mountpath, evictable(context, force), beforeNs, candidates)
      for (const candidate of candidates) {
        if (signal.aborted || excess <= 0) break
        if (!(await evict(context, candidate, beforeNs))) continue
        excess -= candidate.sizeBytes
        yield { objects: 1, bytes: candidate.sizeBytes }
      }
    }
  },
}
