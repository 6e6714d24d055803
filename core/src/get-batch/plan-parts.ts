import { checkMemberName } from '../archive/member.ts'
import { objectUname } from '../bucket/bck.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import type { Snode } from '../cluster/snode.ts'
import { afterTurn } from '../target/list-cursor.ts'
import type { TargetNode } from '../target/target.ts'
import {
  type BatchFault,
  type BatchPart,
  faultOf,
  type Outlook,
  type PartRequest,
  type WantedEntry,
} from './batch-part.ts'
import { LocalPart, type PlaceOf } from './local-part.ts'
import { PeerPart } from './peer-part.ts'

/** What becomes of each entry, by its index: the part that brings it, or why none does. */
export interface Assembly {
  readonly parts: readonly BatchPart[]
  readonly sources: readonly (BatchPart | BatchFault)[]
}

/** What is wanted of the targets together. */
export interface PartsRequest {
  readonly entries: readonly WantedEntry[]
  /** What each is called in the archive it is for. */
  readonly names: readonly string[]
  readonly needsSizes: boolean
  readonly placeOf: PlaceOf
  readonly signal: AbortSignal
}

/** A name that leads elsewhere never gets into an archive. */
function findNameFault(name: string): BatchFault | undefined {
  try {
    checkMemberName(name)
    return undefined
  } catch (error) {
    return faultOf(error)
  }
}

function peerPart(
  target: TargetNode,
  peer: Snode,
  request: PartRequest,
  signal: AbortSignal,
): BatchPart {
  const waitMs = target.metadata.config().get_batch.max_wait
  return new PeerPart({
    request,
    signal,
    ask: (call) => target.transport.call(peer, 'data', call, waitMs),
    monotonic: target.platform.clock.monotonic,
    afterTurn: () => afterTurn(target),
    onRetry({ message }) {
      const facts = { peer: peer.daemonId, error: message }
      target.log.warn('a part of a batch is asked for again', facts)
    },
  })
}

/** Groups the entries by the targets that hold them. */
export function planParts(target: TargetNode, wanted: PartsRequest): Assembly {
  const { names, needsSizes, placeOf, signal } = wanted
  const smap = target.metadata.smap()
  const ownId = target.self().daemonId
  const groups = new Map<string, { readonly entries: WantedEntry[]; readonly part: BatchPart }>()
  const groupOf = (id: string) => {
    const found = groups.get(id)
    if (found !== undefined) return found
    const entries: WantedEntry[] = []
    const asked = { entries, needsSizes }
    const peer = id === ownId ? undefined : smap.targets.get(id)
    const part =
      peer === undefined
        ? new LocalPart(target, placeOf, asked, signal)
        : peerPart(target, peer, asked, signal)
    const group = { entries, part }
    groups.set(id, group)
    return group
  }
  const sources = wanted.entries.map((entry, i) => {
    const fault = findNameFault(names[i] ?? '')
    if (fault !== undefined) return fault
    const group = groupOf(hrwTarget(smap, objectUname(entry.bck, entry.name)).daemonId)
    group.entries.push(entry)
    return group.part
  })
  return { parts: [...groups.values()].map(({ part }) => part), sources }
}

/** What is known of every entry, asked of all targets at the same time. */
export async function outlookOf({ parts, sources }: Assembly): Promise<Outlook[]> {
  const all = await Promise.all(parts.map((part) => part.outlook()))
  const rows = new Map(parts.map((part, i) => [part, (all[i] ?? [])[Symbol.iterator]()]))
  return sources.map((source) => {
    if ('code' in source) return source
    const next = rows.get(source)?.next()
    if (next === undefined || next.done) throw new Error('assert: a part knows of every entry')
    return next.value
  })
}
