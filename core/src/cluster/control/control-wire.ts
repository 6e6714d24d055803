import { z } from 'zod'
import { AisError } from '../../errors/ais-error.ts'
import { stringifyJson } from '../../wire/json.ts'
import { describeIssue } from '../../wire/strict.ts'
import { type Snode, snodeSchema, snodeToJson } from '../snode.ts'
import {
  checkFormat,
  formatSchema,
  metadataFormat,
  parseState,
  type Stamp,
  stampSchema,
  stateToJson,
} from './cluster-state.ts'
import type { DocumentTexts } from './document-texts.ts'
import { documentsSchema, documentsToJson, parseDocuments } from './documents.ts'
import type { MetasyncAnswer, MetasyncMsg } from './follow.ts'
import type { VoteAnswer, VoteMsg } from './vote.ts'

/** What a node tells the primary once per keepalive interval. */
export interface KeepaliveMsg {
  readonly node: Snode
  /** Cluster it believes to be in; empty for one that never joined. */
  readonly uuid: string
  readonly term: number
  /** Of the state it has in force. */
  readonly stamp: Stamp
  /** Newest rebalance in which it has nothing left to send; 0 at a gateway. */
  readonly rebalanced: number
}

/** What the primary says to it. */
export interface KeepaliveAnswer {
  readonly term: number
  /** The primary itself says so, in touch with a quorum; else a gateway that takes the sender for the primary. */
  readonly fromPrimary: boolean
  /** The primary's `ClusterTime`, ms; absent where it was not the primary that answered. */
  readonly nowMs?: number | undefined
  /** The state in force, where the node's is older. */
  readonly newer: MetasyncMsg | undefined
}

const term = z.int().nonnegative()

const metasyncSchema = z.object({
  format: formatSchema,
  uuid: z.string(),
  primary_id: z.string(),
  term,
  stamp: stampSchema,
  base: stampSchema,
  documents: documentsSchema,
  in_force: stampSchema,
  committed: z.boolean(),
})

const keepaliveSchema = z.object({
  node: snodeSchema,
  uuid: z.string(),
  term,
  stamp: stampSchema,
  rebalanced: z.int().nonnegative().default(0),
})

const voteSchema = z.object({
  uuid: z.string(),
  candidate_id: z.string(),
  term,
  stamp: stampSchema,
  trial: z.boolean(),
  handover: z.boolean(),
})

const keepaliveAnswerSchema = z.object({
  term,
  from_primary: z.boolean(),
  now_ms: z.number().optional(),
  newer: metasyncSchema.nullish(),
})
const metasyncAnswerSchema = z.object({ term, outcome: z.enum(['held', 'behind', 'refused']) })
const heldSchema = z.object({ committed: z.unknown(), pending: z.unknown().optional() })
const voteAnswerSchema = z.object({
  term,
  yes: z.boolean(),
  reason: z.string(),
  held: heldSchema.nullish(),
})

function read<T extends z.ZodType>(schema: T, json: unknown, what: string): z.output<T> {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  throw new AisError('ErrBadRequest', `invalid ${what}: ${describeIssue(result.error)}`)
}

function metasyncOf(raw: z.infer<typeof metasyncSchema>): MetasyncMsg {
  const { format, primary_id: primaryId, in_force: inForce, documents, ...rest } = raw
  checkFormat(format)
  return { ...rest, primaryId, inForce, documents: parseDocuments(documents) }
}

function headToJson(message: MetasyncMsg): Record<string, unknown> {
  const { primaryId, inForce, documents: _, ...rest } = message
  return { ...rest, format: metadataFormat, primary_id: primaryId, in_force: inForce }
}

export function metasyncToJson(message: MetasyncMsg): Record<string, unknown> {
  return { ...headToJson(message), documents: documentsToJson(message.documents) }
}

/** The JSON text of `metasyncToJson`, with what `textsOf` knows of the documents. */
export function metasyncText(message: MetasyncMsg, textsOf: DocumentTexts): string {
  const head = stringifyJson(headToJson(message)).slice(0, -1)
  return `${head},"documents":{${textsOf(message.documents)}}}`
}

/** @throws AisError `ErrBadRequest` naming the field, as the other readers here; `ErrUnsupp` documents of a newer format */
export function parseMetasync(json: unknown): MetasyncMsg {
  return metasyncOf(read(metasyncSchema, json, 'metasync'))
}

export function parseMetasyncAnswer(json: unknown): MetasyncAnswer {
  return read(metasyncAnswerSchema, json, 'metasync answer')
}

export function keepaliveToJson(message: KeepaliveMsg): Record<string, unknown> {
  return { ...message, node: snodeToJson(message.node) }
}

export function parseKeepalive(json: unknown): KeepaliveMsg {
  return read(keepaliveSchema, json, 'keepalive')
}

export function keepaliveAnswerToJson(answer: KeepaliveAnswer): Record<string, unknown> {
  const { term, fromPrimary, nowMs, newer } = answer
  return {
    term,
    from_primary: fromPrimary,
    now_ms: nowMs,
    newer: newer === undefined ? null : metasyncToJson(newer),
  }
}

export function parseKeepaliveAnswer(json: unknown): KeepaliveAnswer {
  const raw = read(keepaliveAnswerSchema, json, 'keepalive answer')
  return {
    term: raw.term,
    fromPrimary: raw.from_primary,
    nowMs: raw.now_ms,
    newer: raw.newer ? metasyncOf(raw.newer) : undefined,
  }
}

export function voteToJson(message: VoteMsg): Record<string, unknown> {
  const { candidateId, ...rest } = message
  return { ...rest, candidate_id: candidateId }
}

export function parseVote(json: unknown): VoteMsg {
  const { candidate_id: candidateId, ...rest } = read(voteSchema, json, 'vote')
  return { ...rest, candidateId }
}

export function voteAnswerToJson(answer: VoteAnswer): Record<string, unknown> {
  const { held, ...rest } = answer
  if (held === undefined) return rest
  const { committed, pending } = held
  return {
    ...rest,
    held: { committed: stateToJson(committed), pending: pending && stateToJson(pending) },
  }
}

export function parseVoteAnswer(json: unknown): VoteAnswer {
  const { held, ...rest } = read(voteAnswerSchema, json, 'vote answer')
  if (!held) return { ...rest, held: undefined }
  const pending = held.pending === undefined ? undefined : parseState(held.pending)
  return { ...rest, held: { committed: parseState(held.committed), pending } }
}
