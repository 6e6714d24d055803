import { z } from 'zod'
import { AisError } from '../../errors/ais-error.ts'
import type { DocumentStore } from '../../ports/document-store.ts'
import { parseJson, stringifyJson } from '../../wire/json.ts'
import { describeIssue } from '../../wire/strict.ts'
import {
  type ClusterState,
  metadataFormat,
  parseState,
  sameStamp,
  zeroStamp,
} from './cluster-state.ts'
import type { ControlState, Kept } from './control-state.ts'
import { createDocumentTexts } from './document-texts.ts'

const documents = { vote: '.ais.vote', committed: '.ais.state', pending: '.ais.pending' } as const

const voteSchema = z.object({ term: z.int().nonnegative(), voted_for: z.string() })

async function loadState(store: DocumentStore, name: string): Promise<ClusterState | undefined> {
  const text = await store.load(name)
  return text === undefined ? undefined : parseState(parseJson(text))
}

/**
 * What an earlier run kept; nothing, when it never was in a cluster.
 * @param blank what is in force at a node that was asked to hold a state and never learned more
 */
export async function loadKept(
  store: DocumentStore,
  blank: ClusterState,
): Promise<Kept | undefined> {
  const [vote, installed, pending] = await Promise.all([
    store.load(documents.vote),
    loadState(store, documents.committed),
    loadState(store, documents.pending),
  ])
  if (installed === undefined && pending === undefined && vote === undefined) return undefined
  const committed = installed ?? blank
  // It went over to another cluster and has not heard its gateways yet: what it promised in the former one is void.
  if (isOnItsWay(committed)) return { term: 0, votedFor: '', committed, pending: undefined }
  const newest = Math.max(committed.stamp.term, pending?.stamp.term ?? 0)
  if (vote === undefined) return { term: newest, votedFor: '', committed, pending }
  const result = voteSchema.safeParse(parseJson(vote))
  if (!result.success) {
    throw new AisError('ErrInternal', `${documents.vote}: ${describeIssue(result.error)}`)
  }
  const { term, voted_for: votedFor } = result.data
  // The vote is written first: a state of a newer term can only stand beside one that was lost.
  if (newest > term) return { term: newest, votedFor: '', committed, pending }
  return { term, votedFor, committed, pending }
}

const isOnItsWay = ({ stamp, smap }: ClusterState) =>
  sameStamp(stamp, zeroStamp) && smap.uuid !== ''

/** Makes durable what distinguishes `after` from `before`: the vote, then what is held, then what is in force. */
export type SaveStep = (before: ControlState, after: ControlState) => Promise<void>

export function createSaveStep(store: DocumentStore): SaveStep {
  const textsOf = createDocumentTexts()

  const stateText = (state: ClusterState) =>
    `{"format":${metadataFormat},"stamp":${stringifyJson(state.stamp)},${textsOf(state)}}`

  return async (before, after) => {
    const { term, votedFor, pending, committed } = after
    if (isOnItsWay(committed) && committed !== before.committed) {
      await store.save(documents.committed, stateText(committed))
      await store.remove(documents.pending)
    }
    if (term !== before.term || votedFor !== before.votedFor) {
      await store.save(documents.vote, stringifyJson({ term, voted_for: votedFor }))
    }
    if (pending !== undefined && pending !== before.pending) {
      await store.save(documents.pending, stateText(pending))
    }
    if (committed !== before.committed && !isOnItsWay(committed))
      await store.save(documents.committed, stateText(committed))
  }
}
