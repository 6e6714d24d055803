import { z } from 'zod'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { AisError } from '../../errors/ais-error.ts'
import { describeIssue } from '../../wire/strict.ts'
import {
  blankDocuments,
  type Documents,
  documentsSchema,
  documentsToJson,
  parseDocuments,
  wholeDocuments,
} from './documents.ts'

/**
 * Place of a cluster state in the one order that all of them have: the primary of a term numbers what it proposes.
 * Two states with one stamp are equal. @see Raft, "In Search of an Understandable Consensus Algorithm", 5.2 to 5.4
 */
export interface Stamp {
  readonly term: number
  readonly index: number
}

/** Everything that the nodes of a cluster agree on, at one moment. */
export interface ClusterState extends Documents {
  readonly stamp: Stamp
}

export const zeroStamp: Stamp = Object.freeze({ term: 0, index: 0 })

/** The state of a node that never was in a cluster. */
export function blankState(config: ClusterConfig): ClusterState {
  return { stamp: zeroStamp, ...blankDocuments(config) }
}

/** Negative when `a` comes before `b`. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.term === b.term ? a.index - b.index : a.term - b.term
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.term === b.term && a.index === b.index
}

/** `state` with what `changes` has, at `stamp`. */
export function withDocuments(
  state: Documents,
  changes: Partial<Documents>,
  stamp: Stamp,
): ClusterState {
  return { ...state, ...changes, stamp }
}

export const stampSchema = z.object({
  term: z.int().nonnegative(),
  index: z.int().nonnegative(),
})

/**
 * Format of the documents; raised when an older node could not keep all that they say. 2: EMD and revoked tokens came in.
 */
export const metadataFormat = 2

/** How a state or a message says its format; the first one did not say. */
export const formatSchema = z.int().positive().default(1)

/**
 * Documents of a newer format are refused, never taken without what is not understood: as the primary this node would
 * write them back without it.
 * @throws AisError `ErrUnsupp`
 */
export function checkFormat(format: number): void {
  if (format <= metadataFormat) return
  throw new AisError(
    'ErrUnsupp',
    `metadata format ${format} is newer than this node, which knows ${metadataFormat}`,
  )
}

export function stateToJson(state: ClusterState): Record<string, unknown> {
  return { format: metadataFormat, stamp: state.stamp, ...documentsToJson(state) }
}

const stateSchema = documentsSchema.extend({ format: formatSchema, stamp: stampSchema })

/** Reads a state as `parseJson` gave it. @throws AisError `ErrBadRequest` naming the field; as `checkFormat` */
export function parseState(json: unknown): ClusterState {
  const result = stateSchema.safeParse(json)
  if (!result.success) {
    throw new AisError('ErrBadRequest', `invalid cluster state: ${describeIssue(result.error)}`)
  }
  checkFormat(result.data.format)
  return { stamp: result.data.stamp, ...wholeDocuments(parseDocuments(result.data)) }
}
