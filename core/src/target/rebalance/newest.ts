import { z } from 'zod'
import { toBase36 } from '../../algorithms/short-id.ts'
import { bckUname } from '../../bucket/bck.ts'
import { isRebalancing } from '../../cluster/rmd.ts'
import type { Snode } from '../../cluster/snode.ts'
import { AisError, isAisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { parseJsonBytes, stringifyJson } from '../../wire/json.ts'
import type { Place, TargetNode } from '../target.ts'
import { namesVersions } from '../version-rows.ts'
import { readMoved } from './moved-object.ts'
import { ensureNewestVersion } from './newest-version.ts'
import { newestStamp, takeIn, takeTombstone } from './take-in.ts'

/** Names that were found to be newest here, in one rebalance. */
export interface SettledNames {
  has(rebalance: number, uname: string): boolean
  add(rebalance: number, uname: string): void
}

/** Most names remembered; past it they are asked for again. */
const settledMax = 200_000

export function createSettledNames(): SettledNames {
  let of = 0
  let names = new Set<string>()
  return {
    has: (rebalance, uname) => rebalance === of && names.has(uname),
    add(rebalance, uname) {
      if (rebalance !== of || names.size >= settledMax) {
        of = rebalance
        names = new Set()
      }
      names.add(uname)
    },
  }
}

/** Hex digits of a generation that are the Smap version of the write. */
const epochDigits = 10

/** Smap version under which a version was written. */
export function epochOf(generation: string): number {
  return Number.parseInt(generation.slice(0, epochDigits), 16)
}

const stampSchema = z.object({
  stamp: z.object({ generation: z.string(), deleted: z.boolean() }).nullable(),
})

/** Time a peer has to tell what it knows of a name. */
export const askMs = 5_000
/** Time a peer has to send an object, counted from the last byte that moved. */
const transferIdleMs = 10_000

/** A name as targets ask each other for it. */
export function named(place: Place): string {
  const { bucket, name } = place
  return stringifyJson({ bucket: bckUname(bucket.bck), bid: toBase36(bucket.bid), name })
}

async function ask(target: TargetNode, peer: Snode, place: Place) {
  const call = { method: 'POST', target: '/v1/objstream/stamp', body: named(place) }
  const bytes = await checkStatus(await target.transport.call(peer, 'data', call, askMs))
  const result = stampSchema.safeParse(parseJsonBytes(bytes))
  return result.success ? (result.data.stamp ?? undefined) : undefined
}

/** Brings what the peer has under the name here. @throws AisError `ErrObjDefunct` it cannot be read */
export async function pull(target: TargetNode, peer: Snode, place: Place): Promise<void> {
  const call = { method: 'POST', target: '/v1/objstream/object', body: named(place) }
  const answer = await target.transport.call(peer, 'data', call, transferIdleMs)
  if (answer.status >= 400) {
    await checkStatus(answer).catch((error: unknown) => {
      if (!isAisError(error, 'ErrNotFound')) throw error
    })
    // Gone meanwhile: it was brought here, or deleted; what is known of it is asked for again.
    return
  }
  const reader = await readMoved(answer.body)
  if (await takeIn(target, reader)) target.rebalancer.countIn(reader.object.meta.sizeBytes)
}

/** Whether the objects that `rebalance` moved may still be on the move, as far as is known here. */
function stillMoves(target: TargetNode, rebalance: number): boolean {
  const rmd = target.metadata.rmd()
  return isRebalancing(rmd) && rmd.version === rebalance
}

/** The other targets of the map that may have something of a name. */
export function peersOf(target: TargetNode): Snode[] {
  const own = target.self().daemonId
  // Who takes no part has nothing: its objects moved before, and it may be switched off.
  const { targetIds } = target.metadata.rmd()
  return [...target.metadata.smap().targets.values()].filter(
    ({ daemonId }) => daemonId !== own && targetIds.includes(daemonId),
  )
}

/** Why a name cannot be judged: a peer may have something newer. */
export function mayHaveMoved(place: Place, peer: Snode, cause: unknown): AisError {
  return new AisError(
    'ErrNotReady',
    `${place.uname} may have moved, and target ${peer.daemonId} does not answer: please try again`,
    { cause },
  )
}

/**
 * Brings the newest version of a name here, or learns that it was deleted, from whichever target of the map knows it.
 * @throws AisError `ErrNotReady` when one of them does not answer: it may have the newest; `ErrObjDefunct` the newest
 * cannot be read
 */
async function askAll(target: TargetNode, place: Place, rebalance: number): Promise<void> {
  const peers = peersOf(target)
  for (;;) {
    const here = newestStamp(target, place)
    let best: { peer: Snode; generation: string; deleted: boolean } | undefined
    await Promise.all(
      peers.map(async (peer) => {
        const stamp = await ask(target, peer, place).catch((cause: unknown) => {
          throw mayHaveMoved(place, peer, cause)
        })
        if (stamp && (best === undefined || stamp.generation > best.generation)) {
          best = { peer, ...stamp }
        }
      }),
    )
    // The closure's assignments are not seen by the compiler here.
    const found: { peer: Snode; generation: string; deleted: boolean } | undefined = best
    if (found === undefined || (here && here.generation >= found.generation)) break
    if (found.deleted) {
      await takeTombstone(target, place, found.generation)
      break
    }
    await pull(target, found.peer, place)
  }
  target.settled.add(rebalance, place.uname + place.name)
}

/**
 * Asks, until nobody has anything newer. When that fails because the rebalance has ended meanwhile, or another began, `again`
 * decides.
 */
export async function askUnlessOver(
  target: TargetNode,
  rebalance: number,
  asking: () => Promise<void>,
  again: () => Promise<void> | undefined,
): Promise<void> {
  try {
    await asking()
  } catch (error) {
    await target.refreshMetadata()
    if (stillMoves(target, rebalance)) throw error
    await again()
  }
}

/**
 * While objects are on the move, an owner answers for a name only when it knows that nobody has a newer version: it was
 * written under the map that the rebalance moves by, or the others were asked. Nothing to wait for at all other times.
 */
export function ensureNewest(target: TargetNode, place: Place): Promise<void> | undefined {
  if (!isRebalancing(target.metadata.rmd())) return undefined
  return namesVersions(place) ? ensureNewestVersion(target, place) : ensureNewestRow(target, place)
}

/** As `ensureNewest`, of one row. */
export function ensureNewestRow(target: TargetNode, place: Place): Promise<void> | undefined {
  const rmd = target.metadata.rmd()
  if (!isRebalancing(rmd)) return undefined
  if (target.settled.has(rmd.version, place.uname + place.name)) return undefined
  const here = newestStamp(target, place)
  if (here && epochOf(here.generation) >= rmd.smapVersion) return undefined
  return askUnlessOver(
    target,
    rmd.version,
    () => askAll(target, place, rmd.version),
    () => ensureNewestRow(target, place),
  )
}
