import { z } from 'zod'
import { toBase36 } from '../../algorithms/short-id.ts'
import { bckUname } from '../../bucket/bck.ts'
import { isRebalancing } from '../../cluster/rmd.ts'
import type { Snode } from '../../cluster/snode.ts'
import { AisError, isAisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { parseJsonBytes, stringifyJson } from '../../wire/json.ts'
import type { Place, TargetNode } from '../target.ts'
import { readMoved } from './moved-object.ts'
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

const askMs = 5_000
/** Time a peer has to send an object, counted from the last byte that moved. */
const transferIdleMs = 10_000

function named(place: Place): string {
  const { bucket, name } = place
  return stringifyJson({ bucket: bckUname(bucket.bck), bid: toBase36(bucket.bid), name })
}

async function ask(target: TargetNode, peer: Snode, place: Place) {
  const call = { method: 'POST', target: '/v1/objstream/stamp', body: named(place) }
  const bytes = await checkStatus(await target.transport.call(peer, 'data', call, askMs))
  const result = stampSchema.safeParse(parseJsonBytes(bytes))
  return result.success ? (result.data.stamp ?? undefined) : undefined
}

/** @throws AisError `ErrObjDefunct` what the peer has cannot be read */
async function pull(target: TargetNode, peer: Snode, place: Place): Promise<void> {
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

/**
 * Brings the newest version of a name here, or learns that it was deleted, from whichever target of the map knows it.
 * @throws AisError `ErrNotReady` when one of them does not answer: it may have the newest; `ErrObjDefunct` the newest
 * cannot be read
 */
async function askAll(target: TargetNode, place: Place, rebalance: number): Promise<void> {
  const own = target.self().daemonId
  // Who takes no part has nothing: its objects moved before, and it may be switched off.
  const { targetIds } = target.metadata.rmd()
  const peers = [...target.metadata.smap().targets.values()].filter(
    ({ daemonId }) => daemonId !== own && targetIds.includes(daemonId),
  )
  for (;;) {
    const here = newestStamp(target, place)
    let best: { peer: Snode; generation: string; deleted: boolean } | undefined
    await Promise.all(
      peers.map(async (peer) => {
        const stamp = await ask(target, peer, place).catch((cause: unknown) => {
          throw new AisError(
            'ErrNotReady',
            `${place.uname} may have moved, and target ${peer.daemonId} does not answer: please try again`,
            { cause },
          )
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

/** As `askAll`; when that fails because the rebalance has ended meanwhile, or another began, that decides. */
async function fetchNewest(target: TargetNode, place: Place, rebalance: number): Promise<void> {
  try {
    await askAll(target, place, rebalance)
  } catch (error) {
    await target.refreshMetadata()
    if (stillMoves(target, rebalance)) throw error
    await ensureNewest(target, place)
  }
}

/**
 * While objects are on the move, an owner answers for a name only when it knows that nobody has a newer version: it was
 * written under the map that the rebalance moves by, or the others were asked. Nothing to wait for at all other times.
 */
export function ensureNewest(target: TargetNode, place: Place): Promise<void> | undefined {
  const rmd = target.metadata.rmd()
  if (!isRebalancing(rmd)) return undefined
  if (target.settled.has(rmd.version, place.uname + place.name)) return undefined
  const here = newestStamp(target, place)
  if (here && epochOf(here.generation) >= rmd.smapVersion) return undefined
  return fetchNewest(target, place, rmd.version)
}
