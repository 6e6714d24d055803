import { z } from 'zod'
import { type Bmd, bmdToJson, emptyBmd, parseBmd } from '../../bucket/bmd.ts'
import {
  type ClusterConfig,
  configToJson,
  parseClusterConfig,
} from '../../config/cluster-config.ts'
import { AisError } from '../../errors/ais-error.ts'
import { describeIssue } from '../../wire/strict.ts'
import {
  type Credentials,
  credentialsToJson,
  noCredentials,
  parseCredentials,
} from '../credentials.ts'
import { emptyRmd, parseRmd, type Rmd, rmdToJson } from '../rmd.ts'
import { emptySmap, parseSmap, type Smap, smapToJson } from '../smap.ts'

/** The replicated documents, each immutable and versioned by itself. */
export interface Documents {
  readonly smap: Smap
  readonly bmd: Bmd
  readonly config: ClusterConfig
  readonly rmd: Rmd
  readonly credentials: Credentials
}

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

/** What a node that never was in a cluster goes by: nothing, and its own configuration. */
export function blankState(config: ClusterConfig): ClusterState {
  return {
    stamp: zeroStamp,
    smap: emptySmap(),
    bmd: emptyBmd(),
    config,
    rmd: emptyRmd(),
    credentials: noCredentials,
  }
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
  return {
    stamp,
    smap: changes.smap ?? state.smap,
    bmd: changes.bmd ?? state.bmd,
    config: changes.config ?? state.config,
    rmd: changes.rmd ?? state.rmd,
    credentials: changes.credentials ?? state.credentials,
  }
}

/** The documents in which `next` differs from `before`. Documents are immutable: another object is another content. */
export function changedDocuments(before: Documents, next: Documents): Partial<Documents> {
  return {
    ...(before.smap === next.smap ? {} : { smap: next.smap }),
    ...(before.bmd === next.bmd ? {} : { bmd: next.bmd }),
    ...(before.config === next.config ? {} : { config: next.config }),
    ...(before.rmd === next.rmd ? {} : { rmd: next.rmd }),
    ...(before.credentials === next.credentials ? {} : { credentials: next.credentials }),
  }
}

/** Wire shape of those documents that are there. */
export function documentsToJson(documents: Partial<Documents>): Record<string, unknown> {
  const { smap, bmd, config, rmd, credentials } = documents
  return {
    ...(smap ? { smap: smapToJson(smap) } : {}),
    ...(bmd ? { bmd: bmdToJson(bmd) } : {}),
    ...(config ? { config: configToJson(config) } : {}),
    ...(rmd ? { rmd: rmdToJson(rmd, '') } : {}),
    ...(credentials ? { credentials: credentialsToJson(credentials) } : {}),
  }
}

export const stampSchema = z.object({
  term: z.int().nonnegative(),
  index: z.int().nonnegative(),
})

export const documentsSchema = z.object({
  smap: z.unknown().optional(),
  bmd: z.unknown().optional(),
  config: z.unknown().optional(),
  rmd: z.unknown().optional(),
  credentials: z.unknown().optional(),
})

/** @throws AisError `ErrBadRequest` naming the field */
export function parseDocuments(raw: z.infer<typeof documentsSchema>): Partial<Documents> {
  return {
    ...(raw.smap === undefined ? {} : { smap: parseSmap(raw.smap) }),
    ...(raw.bmd === undefined ? {} : { bmd: parseBmd(raw.bmd) }),
    ...(raw.config === undefined ? {} : { config: parseClusterConfig(raw.config) }),
    ...(raw.rmd === undefined ? {} : { rmd: parseRmd(raw.rmd) }),
    ...(raw.credentials === undefined ? {} : { credentials: parseCredentials(raw.credentials) }),
  }
}

/** All or nothing; only credentials may be missing, as they are in states of older programs. @throws AisError `ErrBadRequest` naming what is missing */
export function wholeDocuments(documents: Partial<Documents>): Documents {
  const { smap, bmd, config, rmd, credentials = noCredentials } = documents
  if (smap === undefined || bmd === undefined || config === undefined || rmd === undefined) {
    const missing = Object.entries({ smap, bmd, config, rmd })
      .filter(([, document]) => document === undefined)
      .map(([name]) => `"${name}"`)
    throw new AisError('ErrBadRequest', `invalid cluster state: ${missing.join(', ')} missing`)
  }
  return { smap, bmd, config, rmd, credentials }
}

/** Format of the documents; raised when an older node could not keep all that they say. */
export const metadataFormat = 1

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
