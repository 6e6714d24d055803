import { compareU64, U64 } from '../algorithms/u64.ts'
import { compareUtf8 } from '../algorithms/utf8.ts'
import { splitMixHashPair } from '../algorithms/xoshiro256.ts'
import { AisError } from '../errors/ais-error.ts'
import { heaviest } from './heaviest.ts'
import { placementDigest } from './placement-digest.ts'
import type { Smap } from './smap.ts'
import { isActive, isElectable, isIc, type Snode } from './snode.ts'

/** Something that takes part in a draw. */
interface Candidate {
  readonly digest: Readonly<U64>
}

function nodeDigest(node: Snode): Readonly<U64> {
  return node.digest
}

function mountpathDigest(mountpath: {
  readonly id: string
  readonly digest?: Readonly<U64> | undefined
}): Readonly<U64> {
  return mountpath.digest ?? placementDigest(mountpath.id)
}

function always(): boolean {
  return true
}

function noTargets(smap: Smap): AisError {
  const inactive = smap.targets.size
  const detail =
    inactive === 0
      ? ''
      : ` (${inactive} target${inactive === 1 ? '' : 's'} in maintenance mode or being decommissioned)`
  return new AisError('ErrNoNodes', `no storage targets in the cluster${detail}`)
}

/**
 * The target that owns `uname`: highest random weight; maintenance and decommission exclude a node.
 * Bit for bit upstream's, since SDKs compute it too.
 * @throws AisError `ErrNoNodes` when no target can own it
 * @see AIStore core/meta/hrw.go
 */
export function hrwTarget(smap: Smap, uname: string): Snode {
  const owner = heaviest(smap.targets.values(), placementDigest(uname), isActive, nodeDigest)
  if (owner === undefined) throw noTargets(smap)
  return owner
}

/** The target that works on behalf of all for a job: the same draw over its ID. @throws AisError `ErrNoNodes` */
export function hrwTaskTarget(smap: Smap, uuid: string): Snode {
  return hrwTarget(smap, uuid)
}

/**
 * Active targets by weight, heaviest first, `count` of them: where copies and slices go.
 * @throws AisError `ErrNoNodes` when there are fewer
 */
export function hrwTargets(smap: Smap, uname: string, count: number): Snode[] {
  const digest = placementDigest(uname)
  const drawn: { node: Snode; weight: U64 }[] = []
  for (const node of smap.targets.values()) {
    if (!isActive(node)) continue
    const weight = new U64(node.digest.hi ^ digest.hi, node.digest.lo ^ digest.lo)
    drawn.push({ node, weight: splitMixHashPair(weight) })
  }
  if (drawn.length < count) {
    throw new AisError(
      'ErrNoNodes',
      `not enough targets: required ${count}, available ${drawn.length}`,
    )
  }
  drawn.sort(
    (a, b) => compareU64(b.weight, a.weight) || compareUtf8(a.node.daemonId, b.node.daemonId),
  )
  return drawn.slice(0, count).map(({ node }) => node)
}

/**
 * The mountpath, known by the ID kept on its disk, that holds `uname` within a target: the second dimension.
 * Upstream hashes the path instead; an ID survives a move of the folder.
 * @throws AisError `ErrNoNodes` when there is none
 */
export function hrwMountpath<
  T extends { readonly id: string; readonly digest?: Readonly<U64> | undefined },
>(mountpaths: Iterable<T>, uname: string): T {
  const owner = heaviest(mountpaths, placementDigest(uname), always, mountpathDigest)
  if (owner === undefined) throw new AisError('ErrNoNodes', 'no mountpaths')
  return owner
}

/** Gateways that may lead, electable and active, the next in line first: the greatest digest. @see AIStore core/meta/hrw.go HrwProxy */
export function electables(smap: Smap): readonly Snode[] {
  return [...smap.proxies.values()]
    .filter((proxy) => isElectable(proxy) && isActive(proxy))
    .sort((a, b) => compareDigests(b, a))
}

/** The information-center member that keeps job `uuid`. @throws AisError `ErrNoNodes` when the IC is empty */
export function hrwIc(smap: Smap, uuid: string): Snode {
  const admits = (proxy: Snode) => isActive(proxy) && isIc(proxy)
  const owner = heaviest(smap.proxies.values(), placementDigest(uuid), admits, nodeDigest)
  if (owner === undefined) throw new AisError('ErrNoNodes', 'the information center (IC) is empty')
  return owner
}

function compareDigests(a: Candidate, b: Candidate): number {
  const high = (a.digest.hi >>> 0) - (b.digest.hi >>> 0)
  return high !== 0 ? high : (a.digest.lo >>> 0) - (b.digest.lo >>> 0)
}
